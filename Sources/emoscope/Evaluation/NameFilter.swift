/// The names that an option such as `--corpus` chooses among those of a manifest.
struct NameFilter {
    /// nil for all.
    private let names: Set<String>?

    /// - Parameters:
    ///   - lists: What the option was given, each a list with commas; empty for all names.
    ///   - option: The option's name, for the error.
    /// - Throws: Where a name is not among `known`.
    init(_ lists: [String], option: String, among known: Set<String>) throws(Failure) {
        let names = Set(lists.flatMap { $0.split(separator: ",").map(String.init) })
        if let unknown = names.subtracting(known).min() {
            let some = known.sorted().prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
            throw Failure(.usage, "\(option): the manifest has no \"\(unknown)\"; it has \(some)")
        }
        self.names = lists.isEmpty ? nil : names
    }

    /// Whether the option chooses a name.
    func contains(_ name: String) -> Bool { names?.contains(name) ?? true }
}
