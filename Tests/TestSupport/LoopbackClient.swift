import Foundation

/// A client of a server on 127.0.0.1: a plain blocking socket, which sends what a test wants, well formed or not.
package final class LoopbackClient {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    /// - Parameters:
    ///   - patience: Seconds after which a read gives up.
    ///   - receiveBuffer: Bytes that the kernel keeps for the client; nil for its own choice.
    package init(port: Int, patience: Int = 20, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            Glibc.close(descriptor)
            throw Failure(description: "cannot connect to port \(port): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Sends bytes; returns false where the server takes no more.
    @discardableResult package func send(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends a request with these header fields; `Host` is right where it is not among them.
    package func get(_ target: String, port: Int, _ fields: [String: String] = [:]) {
        let fields = ["Host": "127.0.0.1:\(port)"].merging(fields) { $1 }
        send("GET \(target) HTTP/1.1\r\n" + fields.map { "\($0.key): \($0.value)\r\n" }.joined() + "\r\n")
    }

    /// Reads until what was received in all holds `mark`, or to the end where that is nil.
    package func read(until mark: String? = nil) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let mark, received.firstRange(of: Array(mark.utf8)) != nil { break }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 || count < 0 && errno == ECONNRESET {
                guard mark == nil else {
                    throw Failure(description: "the connection ended before \"\(mark!)\": \(text)")
                }
                break
            }
            guard count > 0 else { throw Failure(description: "waited in vain for \(mark ?? "the end")") }
            received += buffer[..<count]
        }
        return text
    }

    private var text: String { String(decoding: received, as: UTF8.self) }

    /// Sends a request on a connection of its own, and returns the whole answer.
    package static func get(_ target: String, port: Int, _ fields: [String: String] = [:]) throws -> String {
        let client = try LoopbackClient(port: port)
        client.get(target, port: port, fields)
        return try client.read()
    }
}

/// The events of a stream of server-sent events, as their fields.
package func serverSentEvents(_ answer: String) -> [[String: String]] {
    let body = answer.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
    return body.components(separatedBy: "\n\n").compactMap { block in
        let fields = block.split(separator: "\n").filter { !$0.hasPrefix(":") }.map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (String(line[..<colon]), String(line[colon...].dropFirst(2)))
        }
        let event = Dictionary(fields, uniquingKeysWith: { $1 })
        return event["event"] == nil ? nil : event
    }
}
