@testable import PageTables

/// A leaf's entry by a format's own attributes, on both ways: what is encoded, and what is decoded again.
struct Vector<Format: PageTableFormat> {
  let name: String
  let format: Format
  let level: Int
  let sizeLog2: Int
  let output: UInt64
  let attributes: Format.LeafAttributes
  let expected: Format.Word
  /// The pointers' flags on the way.
  var path: Format.Word = .max

  /// What the format encodes.
  var encoded: Format.Word {
    format.leafEntry(outputAddress: output, level: level, sizeLog2: sizeLog2, attributes: attributes)
  }

  /// Whether the expected entry decodes to the vector.
  var decodes: Bool {
    format.kind(of: expected, level: level) == .leaf
      && format.leafSizeLog2(of: expected, level: level) == sizeLog2
      && format.outputAddress(of: expected, level: level) == output
      && format.leafAttributes(of: expected, level: level, path: path) == attributes
  }
}
