/// What IOMMUs that walk x86-64 tables have in common: the leaves of processors with the attributes that a device has.
///
/// Requests have a user's rights, so every leaf has US = 1. Memory types are not the table's: PAT index 0 always. A and D
/// are set beforehand.
protocol X86DeviceFormat: X86LongFormat {
  /// Whether XD is written; otherwise what may be read may be executed.
  static var canForbidExecution: Bool { get }
}

extension X86DeviceFormat {
  static var stage: FormatDescription.Stage { .first }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> X86Attributes {
    try wish.requireNoPrivilegeBit(format: Self.name)
    var attributes = try X86Attributes(wish, format: Self.name)
    attributes.cacheIndex = 0
    if !Self.canForbidExecution { attributes.isExecuteDisabled = false }
    return attributes
  }

  static var wordsWidth: Int { 26 }

  func describe(_ attributes: X86Attributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsCache: false)
    if attributes.isGlobal { text.append(word: "G") }
    if attributes.isAccessed { text.append(word: "A") }
    if attributes.isDirty { text.append(word: "D") }
  }

  /// The number of levels of a configuration, 4 or 5.
  ///
  /// - Throws: `badConfiguration`.
  static func levels(_ configuration: TableConfiguration) throws(PageTableError) -> Int {
    let levels = configuration.levels ?? 4
    guard (4...5).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: name)
    }
    return levels
  }
}

/// The lines of `formats/<format>/attributes` that IOMMUs with x86-64 tables share.
let x86DeviceAttributeLines = [
  "read: P; every mapping permits it, so write, execute or nothing without read cannot be expressed",
  "write: RW", "user: US = 1 always, requests have a user's rights; supervisor cannot be expressed",
  "secure: cannot be expressed",
  "cache: PAT index 0 always; any policy is accepted and has no effect",
  "global: G = 0; accessed: A = 1, dirty: D = write, set beforehand",
]
