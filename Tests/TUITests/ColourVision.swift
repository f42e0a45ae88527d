import Foundation

/// A colour as an eye sees it, computed by the matrices of Machado, Oliveira and Fernandes (2009) at full severity, on
/// linear RGB, then by Ottosson's OKLab.
struct ColourVision {
    let name: String
    let matrix: [[Double]]

    static let all = [
        ColourVision(name: "normal vision", matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        ColourVision(
            name: "protanopia",
            matrix: [
                [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
            ]),
        ColourVision(
            name: "deuteranopia",
            matrix: [
                [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
            ]),
        ColourVision(
            name: "tritanopia",
            matrix: [
                [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
            ]),
    ]

    /// `0xRRGGBB` of an index of xterm's 256 colours, from 16 on.
    static func rgb(index: Int) -> Int {
        if index >= 232 { return (8 + 10 * (index - 232)) * 0x010101 }
        let levels = [0, 95, 135, 175, 215, 255]
        let cube = index - 16
        return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6]
    }

    /// OKLab of `0xRRGGBB` for this kind of colour vision.
    func seen(_ rgb: Int) -> [Double] {
        let linear = [16, 8, 0].map { shift in
            let value = Double(rgb >> shift & 0xFF) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        let seen = Self.product(matrix, linear).map { min(max($0, 0), 1) }
        let cones = Self.product(
            [
                [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ], seen)
        return Self.product(
            [
                [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ], cones.map { cbrt($0) })
    }

    private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
        matrix.map { row in zip(row, vector).map { $0 * $1 }.reduce(0, +) }
    }
}
