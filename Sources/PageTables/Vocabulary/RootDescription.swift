/// Where a table begins and what hardware must be told: the content of associations/<dev>/root.
///
/// The order of the lines is the order in the file: `table` first, then what a walker must be told (`levels`,
/// `input_bits`, ...), then the registers that a driver programs, by their manual names in lower case.
public struct RootDescription: Hashable, Sendable {
  /// One line.
  public struct Line: Hashable, Sendable {
    /// The text before the equal sign.
    public var key: String
    /// The text after it.
    public var value: String

    /// A line `key=value`.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }

    /// A line whose value is an address or a register: 0x and hexadecimal digits.
    public init(_ key: String, hex value: UInt64) {
      self.init(key, PageTables.hex(value))
    }
  }

  /// The physical address of the first table.
  public var tableAddress: UInt64
  /// All lines, ready to print.
  public var lines: [Line]

  /// The lines joined, each ended by a newline.
  public var text: String {
    lines.reduce(into: "") { $0 += "\($1.key)=\($1.value)\n" }
  }
}
