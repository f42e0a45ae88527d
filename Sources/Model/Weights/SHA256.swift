import CEmotionCrypto

/// A SHA-256 digest of a stream of bytes, by OpenSSL, which uses the processor's SHA instructions.
@safe package final class SHA256 {
    private let context: OpaquePointer

    package init() {
        // Both calls fail only if memory is exhausted.
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("OpenSSL cannot start a SHA-256 digest")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        guard unsafe EVP_DigestUpdate(context, base, bytes.count) == 1 else { fatalError("OpenSSL cannot digest") }
    }

    /// Returns the digest of all bytes so far, in lower-case hexadecimal. The object must not be used afterwards.
    package func finish() -> String {
        let digest = unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            guard unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 else {
                fatalError("OpenSSL cannot finish a digest")
            }
            count = 32
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The digest of `bytes` in lower-case hexadecimal.
    package static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        let digest = SHA256()
        unsafe digest.update(bytes)
        return digest.finish()
    }
}
