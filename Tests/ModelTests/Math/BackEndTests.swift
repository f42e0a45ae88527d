import CEmotionKernels
import Testing

@testable import EmotionNetwork

/// The table of back ends, and the guard for OpenBLAS's choice of kernels.
@Suite struct BackEndTests {
    @Test func theChosenOneIsAmongThoseThatRun() {
        #expect(BackEnd.supported.contains(.chosen) && BackEnd.supported.contains(.portable))
        let first = BackEnd.supported[0]
        #expect(BackEnd.preferred == first || (first == .openBLAS && BackEnd.preferred == .portable))
        #expect(BackEnd.all.map(\.name).suffix(2) == ["openblas", "portable"])
    }

    /// A back end without int8 leaves it to the next one that has it; fp32 is its own.
    @Test func everyBackEndHasOneForEachPrecision() {
        for backEnd in BackEnd.supported {
            #expect(backEnd.computing(.fp32) == backEnd)
            #expect(backEnd.computing(.int8).supports(.int8))
            #expect(backEnd.supports(.int8) == (backEnd.computing(.int8) == backEnd))
        }
    }

    @Test(.enabled(if: BackEnd.openBLAS != nil)) func openBLASHasSinglePrecisionAlone() throws {
        let openBLAS = try #require(BackEnd.openBLAS)
        #expect(!openBLAS.supports(.int8) && openBLAS.fastest == .fp32)
        #expect(openBLAS.computing(.int8) == .portable)
        #expect(openBLAS.description.hasPrefix("openblas (") && BackEnd.portable.description == "portable")
    }

    @Test func anUnknownProcessorGetsTheKernelsOfItsInstructions() {
        func better(_ core: String, avx2: Bool, avx512: Bool) -> String? {
            unsafe ck_openblas_better_core(core, avx2 ? 1 : 0, avx512 ? 1 : 0).map { unsafe String(cString: $0) }
        }
        #expect(better("Prescott", avx2: true, avx512: true) == "SKYLAKEX")
        #expect(better("Prescott", avx2: true, avx512: false) == "HASWELL")
        #expect(better("Prescott", avx2: false, avx512: false) == nil)
        #expect(better("Zen", avx2: true, avx512: false) == nil)
        #expect(better("Cooperlake", avx2: true, avx512: true) == nil)
    }
}
