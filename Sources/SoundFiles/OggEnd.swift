/// How an Ogg file ends (RFC 3533): libsndfile says nothing where it was cut off.
enum OggEnd {
    /// With the page that ends a stream.
    case complete
    /// Within a page.
    case broken
    /// With a whole page that does not end the stream, as where the recorder was killed.
    case unfinished

    /// The most bytes of a page: a header of 27, 255 segments of at most 255 bytes, and their lengths.
    private static let pageSize = 27 + 255 + 255 * 255

    /// Reads the last page of a regular file; nil where it is not Ogg.
    init?(descriptor: Int32, fileSize: Int) {
        let bytes = HeaderBytes(descriptor: descriptor, size: fileSize)
        let name = Array("OggS".utf8)
        guard bytes.read(0, 4) == name else { return nil }
        // A page and the beginning of one more, so that at least one begins in it.
        let start = max(0, fileSize - Self.pageSize - 27)
        guard let tail = bytes.read(start, fileSize - start) else { return nil }
        let last = stride(from: tail.count - 4, through: 0, by: -1).first { place in
            tail[place..<place + 4] == name[...] && (place + 4 == tail.count || tail[place + 4] == 0)
        }
        guard let last else { return nil }
        let page = tail[last...]
        guard page.count >= 27, page.count >= 27 + Int(page[last + 26]) else {
            self = .broken
            return
        }
        let lengths = page.dropFirst(27).prefix(Int(page[last + 26]))
        let size = 27 + lengths.count + lengths.reduce(0) { $0 + Int($1) }
        self = page.count < size ? .broken : page[last + 5] & 4 != 0 ? .complete : .unfinished
    }
}
