import Testing

@testable import PageTables

extension Vector {
  /// Expects a format to encode a row and to decode it again.
  static func check(
    _ format: Format, _ name: String, level: Int = 0, sizeLog2: Int, output: UInt64,
    _ attributes: Format.LeafAttributes, _ expected: Format.Word
  ) {
    let vector = Vector(
      name: name, format: format, level: level, sizeLog2: sizeLog2, output: output, attributes: attributes,
      expected: expected)
    #expect(vector.encoded == expected, "\(name)")
    #expect(vector.decodes, "\(name)")
  }
}

extension PageTableFormat {
  /// The bytes of an entry as they lie in memory.
  func bytes(of entry: Word) -> [UInt8] {
    withUnsafeBytes(of: stored(entry)) { Array($0) }
  }

  /// The slots that lead to a device address, root first; empty outside of the window.
  func path(to deviceAddress: UInt64) -> [Int] {
    guard let offset = tableOffset(of: deviceAddress) else { return [] }
    return (0...topLevel).reversed().map { slot(of: offset, level: $0) }
  }

  /// The entry that a wish gives.
  func entry(_ output: UInt64, _ wish: MappingAttributes, level: Int = 0) throws -> Word {
    let size = leafSizes(level).trailingZeroBitCount
    return leafEntry(
      outputAddress: output, level: level, sizeLog2: size, attributes: try leafAttributes(for: wish))
  }

  /// A line of the root of a table at an address; `nil` if there is none.
  func line(_ key: String, rootAddress: UInt64) -> String? {
    rootLines(rootAddress: rootAddress).first { $0.key == key }?.value
  }
}

extension TableConfiguration {
  /// A configuration with a window.
  static func window(_ base: UInt64, _ size: UInt64, granuleLog2: Int? = nil, levels: Int? = nil) -> Self {
    TableConfiguration(levels: levels, granuleLog2: granuleLog2, window: Window(base: base, size: size))
  }
}
