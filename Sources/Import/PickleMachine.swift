import EmotionNetwork

/// An interpreter of the pickle in a PyTorch checkpoint, protocols 2 to 5, which never calls a function that it names.
///
/// It supports the opcodes that torch.save emits for containers, numbers, strings and tensors. A global outside
/// `PickleGlobal` is refused with its name, any other opcode with its byte. Memory is bounded by the pickle's size and
/// the limits here; time is linear.
struct PickleMachine {
    /// The greatest size of a pickle in bytes. A checkpoint with optimizer state has some hundred kB of pickle, since
    /// its numbers are in other entries of the archive.
    static let maximumLength = 32 << 20
    static let maximumValues = 1 << 19
    static let maximumStack = 1 << 20

    typealias Value = PickleGraph.Value
    typealias Reference = PickleGraph.Reference

    private let bytes: [UInt8]
    private var position = 0
    private var graph = PickleGraph()
    private var stack: [Reference] = []
    /// The height of the stack at each open MARK.
    private var marks: [Int] = []
    private var memo: [UInt32: Reference] = [:]

    /// Interprets the pickle in `bytes` and returns the values that it builds.
    static func load(_ bytes: [UInt8]) throws(FormatFault) -> PickleGraph {
        guard bytes.count <= maximumLength else {
            throw .refused("its pickle has \(bytes.count) bytes, more than \(maximumLength)")
        }
        var machine = PickleMachine(bytes: bytes)
        while try machine.step() {}
        machine.graph.root = try machine.pop()
        return machine.graph
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Executes one opcode; false at STOP.
    private mutating func step() throws(FormatFault) -> Bool {
        let opcode = try byte()
        switch opcode {
        case 0x80:  // PROTO
            let version = try byte()
            guard (2...5).contains(version) else { throw .refused("its pickle has protocol \(version), not 2 to 5") }
        case 0x95: _ = try number(8)  // FRAME: only a hint
        case UInt8(ascii: "."): return false
        case UInt8(ascii: "("):
            guard marks.count < Self.maximumStack else { throw tooLarge() }
            marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popMark()
        case UInt8(ascii: "2"):
            let top = try pop()
            try push(top)
            try push(top)
        case UInt8(ascii: ")"): try push(.tuple([]))
        case UInt8(ascii: "t"): try push(.tuple(try popMark()))
        case 0x85, 0x86, 0x87: try push(.tuple(try pop(Int(opcode - 0x84))))
        case UInt8(ascii: "]"): try push(.list([]))
        case UInt8(ascii: "l"): try push(.list(try popMark()))
        case UInt8(ascii: "a"): try append(try pop(1))
        case UInt8(ascii: "e"): try append(try popMark())
        case UInt8(ascii: "}"): try push(.dictionary([]))
        case UInt8(ascii: "d"):
            let items = try popMark()
            try push(.dictionary([]))
            try insert(items)
        case UInt8(ascii: "s"): try insert(try pop(2))
        case UInt8(ascii: "u"): try insert(try popMark())
        case UInt8(ascii: "q"): try memoize(UInt32(try number(1)))
        case UInt8(ascii: "r"): try memoize(UInt32(truncatingIfNeeded: try number(4)))
        case 0x94: try memoize(UInt32(memo.count))
        case UInt8(ascii: "h"): try recall(UInt32(try number(1)))
        case UInt8(ascii: "j"): try recall(UInt32(truncatingIfNeeded: try number(4)))
        case UInt8(ascii: "c"): try pushGlobal(module: try line(), name: try line())
        case 0x93:
            let names = try pop(2)
            guard case .string(let module) = graph[names[0]], case .string(let name) = graph[names[1]] else {
                throw .malformed("its pickle has a global name that is not a string")
            }
            try pushGlobal(module: module, name: name)
        case UInt8(ascii: "R"), 0x81: try build(try pop(2))
        case UInt8(ascii: "b"): try setState(try pop())
        case UInt8(ascii: "Q"): try pushStorage(try pop())
        default:
            guard try pushConstant(opcode) else {
                throw .refused(
                    "its pickle uses the opcode 0x\(String(opcode, radix: 16)), which torch.save never writes")
            }
        }
        return true
    }

    /// Executes an opcode that pushes a constant; returns false for another opcode.
    private mutating func pushConstant(_ opcode: UInt8) throws(FormatFault) -> Bool {
        switch opcode {
        case UInt8(ascii: "N"): try push(.none)
        case 0x88: try push(.bool(true))
        case 0x89: try push(.bool(false))
        case UInt8(ascii: "J"): try push(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
        case UInt8(ascii: "K"): try push(.integer(try number(1)))
        case UInt8(ascii: "M"): try push(.integer(try number(2)))
        case 0x8A: try pushLong(length: try number(1))
        case 0x8B: try pushLong(length: try number(4))
        case UInt8(ascii: "G"):
            let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }  // the one big-endian number
            try push(.double(Double(bitPattern: bits)))
        case UInt8(ascii: "X"): try push(.string(try text(try number(4))))
        case 0x8C: try push(.string(try text(try number(1))))
        case 0x8D: try push(.string(try text(try number(8))))
        case UInt8(ascii: "B"): try pushBytes(try number(4))
        case UInt8(ascii: "C"): try pushBytes(try number(1))
        case 0x8E, 0x96: try pushBytes(try number(8))
        default: return false
        }
        return true
    }

    // MARK: Building

    private mutating func pushGlobal(module: String, name: String) throws(FormatFault) {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw .refused("its pickle asks for \(quoted("\(module).\(name)")), which is neither tensor nor container")
        }
        try push(.global(global))
    }

    /// Executes REDUCE or NEWOBJ on one of the known globals.
    private mutating func build(_ operands: [Reference]) throws(FormatFault) {
        guard case .global(let global) = graph[operands[0]], case .tuple(let arguments) = graph[operands[1]] else {
            throw .refused("its pickle calls an unknown function")
        }
        switch global {
        case .orderedDictionary where arguments.isEmpty: try push(.dictionary([]))
        case .size where arguments.count == 1: try push(.tuple(try references(arguments[0])))
        case .rebuildParameter where (2...3).contains(arguments.count):
            guard case .tensor = graph[arguments[0]] else { throw wrongArguments("_rebuild_parameter") }
            try push(arguments[0])
        case .rebuildTensor where (6...7).contains(arguments.count):
            guard case .storage(let storage) = graph[arguments[0]], let type = storage.type else {
                throw wrongArguments("_rebuild_tensor_v2")
            }
            try pushTensor(storage, type, arguments)
        case .rebuildTypedTensor where (7...8).contains(arguments.count):
            guard case .storage(let storage) = graph[arguments[0]], case .global(.type(let type)) = graph[arguments[6]]
            else { throw wrongArguments("_rebuild_tensor_v3") }
            try pushTensor(storage, type, arguments)
        default: throw wrongArguments("\(global)")
        }
    }

    private mutating func pushTensor(
        _ storage: TorchStorage, _ type: ElementType, _ arguments: [Reference]
    ) throws(FormatFault) {
        guard case .integer(let offset) = graph[arguments[1]] else { throw wrongArguments("a tensor") }
        let tensor = try TorchTensor(
            storage: storage, type: type, offset: offset, shape: try integers(arguments[2]),
            strides: try integers(arguments[3]))
        try push(.tensor(tensor))
    }

    /// Executes BINPERSID on ('storage', class, key, location, count).
    private mutating func pushStorage(_ identifier: Reference) throws(FormatFault) {
        guard case .tuple(let parts) = graph[identifier], parts.count == 5, case .string("storage") = graph[parts[0]],
            case .global(.storage(let type)) = graph[parts[1]], case .string(let key) = graph[parts[2]],
            case .integer(let count) = graph[parts[4]], count >= 0
        else { throw .malformed("its pickle refers to something that is not a tensor storage") }
        try push(.storage(TorchStorage(key: key, type: type, count: count)))
    }

    /// Executes BUILD on a dictionary and ignores the state, which for a state dict is its modules' versions.
    private mutating func setState(_ state: Reference) throws(FormatFault) {
        guard case .dictionary = graph[state], let target = stack.last, case .dictionary = graph[target] else {
            throw .refused("its pickle sets the state of something other than a dictionary")
        }
    }

    private mutating func append(_ items: [Reference]) throws(FormatFault) {
        guard let target = stack.last, case .list(var list) = graph[target] else {
            throw .malformed("its pickle appends to something that is not a list")
        }
        graph[target] = .none  // so that the list is not copied
        list += items
        graph[target] = .list(list)
    }

    private mutating func insert(_ items: [Reference]) throws(FormatFault) {
        guard items.count.isMultiple(of: 2), let target = stack.last, case .dictionary(var pairs) = graph[target] else {
            throw .malformed("its pickle puts items into something that is not a dictionary")
        }
        graph[target] = .none
        for index in stride(from: 0, to: items.count, by: 2) { pairs.append((items[index], items[index + 1])) }
        graph[target] = .dictionary(pairs)
    }

    private func references(_ reference: Reference) throws(FormatFault) -> [Reference] {
        switch graph[reference] {
        case .tuple(let members), .list(let members): return members
        default: throw .malformed("its pickle has a shape that is not a tuple")
        }
    }

    private func integers(_ reference: Reference) throws(FormatFault) -> [Int] {
        let members = try references(reference)
        guard members.count <= TorchTensor.maximumDimensions else {
            throw .refused("it has a tensor of \(members.count) dimensions, more than \(TorchTensor.maximumDimensions)")
        }
        var numbers: [Int] = []
        for member in members {
            guard case .integer(let number) = graph[member] else {
                throw .malformed("its pickle has a shape with something other than integers")
            }
            numbers.append(number)
        }
        return numbers
    }

    // MARK: Stack and memo

    private mutating func push(_ value: Value) throws(FormatFault) {
        guard graph.values.count < Self.maximumValues else { throw tooLarge() }
        graph.values.append(value)
        try push(Reference(graph.values.count - 1))
    }

    private mutating func push(_ reference: Reference) throws(FormatFault) {
        guard stack.count < Self.maximumStack else { throw tooLarge() }
        stack.append(reference)
    }

    private mutating func pop() throws(FormatFault) -> Reference {
        guard stack.count > marks.last ?? 0, let top = stack.popLast() else { throw underflow() }
        return top
    }

    private mutating func pop(_ count: Int) throws(FormatFault) -> [Reference] {
        guard stack.count - (marks.last ?? 0) >= count else { throw underflow() }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popMark() throws(FormatFault) -> [Reference] {
        guard let mark = marks.popLast() else { throw underflow() }
        return try pop(stack.count - mark)
    }

    private mutating func memoize(_ slot: UInt32) throws(FormatFault) {
        guard let top = stack.last else { throw underflow() }
        guard memo.count < Self.maximumValues else { throw tooLarge() }
        memo[slot] = top
    }

    private mutating func recall(_ slot: UInt32) throws(FormatFault) {
        guard let reference = memo[slot] else { throw .malformed("its pickle reads a memo slot that it never wrote") }
        try push(reference)
    }

    // MARK: Reading

    private mutating func take(_ count: Int) throws(FormatFault) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else {
            throw .malformed("its pickle ends early, or claims \(count) bytes where \(bytes.count - position) are left")
        }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private mutating func byte() throws(FormatFault) -> UInt8 {
        let slice = try take(1)
        return slice[slice.startIndex]
    }

    /// Reads a little-endian number of `size` bytes. One of eight bytes that does not fit an Int becomes negative,
    /// which `take` refuses as a length.
    private mutating func number(_ size: Int) throws(FormatFault) -> Int {
        Int(truncatingIfNeeded: try take(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private mutating func text(_ count: Int) throws(FormatFault) -> String {
        guard let string = String(validating: try take(count), as: UTF8.self) else {
            throw .malformed("its pickle has text that is not UTF-8")
        }
        return string
    }

    /// Reads text up to the next line feed, which is consumed.
    private mutating func line() throws(FormatFault) -> String {
        let limit = bytes[position...].prefix(512)
        guard let end = limit.firstIndex(of: UInt8(ascii: "\n")) else {
            throw .malformed("its pickle has a name that does not end")
        }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    private mutating func pushBytes(_ count: Int) throws(FormatFault) {
        _ = try take(count)
        try push(.bytes)
    }

    /// Executes LONG1 or LONG4: pushes a little-endian two's complement integer of `length` bytes.
    private mutating func pushLong(length: Int) throws(FormatFault) {
        let digits = try take(length)
        guard digits.count <= 8 else { return try push(.hugeInteger) }
        var value: Int = (digits.last ?? 0) & 0x80 == 0 ? 0 : -1
        for digit in digits.reversed() { value = value << 8 | Int(digit) }
        try push(.integer(value))
    }

    private func underflow() -> FormatFault { .malformed("its pickle pops more values than it pushed") }
    private func tooLarge() -> FormatFault { .refused("its pickle builds more than \(Self.maximumValues) values") }
    private func wrongArguments(_ function: String) -> FormatFault {
        .malformed("its pickle builds \(function) from the wrong arguments")
    }
}
