import Foundation
import Testing

@testable import Model

@Suite struct OpenBLASTests {
    @Test func replacesKernelsThatAreOlderThanTheProcessor() {
        #expect(OpenBLAS.betterCore(than: "Prescott", avx512: true, avx2: true) == "SKYLAKEX")
        #expect(OpenBLAS.betterCore(than: "Haswell", avx512: true, avx2: true) == "SKYLAKEX")
        #expect(OpenBLAS.betterCore(than: "Prescott", avx512: false, avx2: true) == "HASWELL")
        #expect(OpenBLAS.betterCore(than: "Prescott", avx512: false, avx2: false) == nil)
    }

    @Test func keepsKernelsThatSuit() {
        for core in ["SkylakeX", "Cooperlake", "SapphireRapids"] {
            #expect(OpenBLAS.betterCore(than: core, avx512: true, avx2: true) == nil)
        }
        #expect(OpenBLAS.betterCore(than: "Zen", avx512: false, avx2: true) == nil)
        #expect(OpenBLAS.betterCore(than: "Haswell", avx512: false, avx2: true) == nil)
    }

    /// In a process of its own, where no product has been made and the environment has no say.
    @Test func theFirstEngineGetsThisProcessorsKernels() async {
        await #expect(processExitsWith: .success) {
            unsetenv("OPENBLAS_CORETYPE")
            OpenBLAS.prepare()
            let flags =
                try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).split(separator: "\n")
                .first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
            let modern = ["SkylakeX", "Cooperlake", "SapphireRapids"]
            if ["avx512f", "avx512bw", "avx512dq", "avx512vl"].allSatisfy({ flags.contains(Substring($0)) }) {
                #expect(modern.contains(OpenBLAS.coreName), "\(OpenBLAS.coreName)")
            } else if flags.contains("avx2") {
                #expect((modern + ["Haswell", "Zen"]).contains(OpenBLAS.coreName), "\(OpenBLAS.coreName)")
            }
            // The kernels that were chosen work.
            let a = Arena().matrix(64, 64)
            a.fill(0.5)
            let c = Arena().matrix(64, 64)
            multiply(a.view, transposed: a.view, into: c)
            #expect(c.view.values.allSatisfy { $0 == 16 })
        }
    }

    @Test func theUsersChoiceStands() async {
        await #expect(processExitsWith: .success) {
            setenv("OPENBLAS_CORETYPE", "Prescott", 1)
            let before = OpenBLAS.coreName
            OpenBLAS.prepare()
            #expect(OpenBLAS.coreName == before)
        }
    }
}
