/// Which half of the address space a short-descriptor table translates: TTBCR.N and the choice of TTBR0 or TTBR1.
///
/// With N = 0 everything goes through TTBR0. Otherwise addresses whose top N bits are 0 go through TTBR0, whose table is
/// 16K >> N long, and all others through TTBR1, whose table has the full 16K. Facts: ARM DDI 0406C, B3.5.4.
struct ARMShortSplit: Hashable, Sendable {
  /// TTBCR.N, 0 to 7.
  var bits: Int
  /// Whether the table hangs from TTBR1.
  var isHigh: Bool

  /// Everything through TTBR0.
  static let none = ARMShortSplit(bits: 0, isHigh: false)

  init(bits: Int, isHigh: Bool) {
    self.bits = bits
    self.isHigh = isHigh
  }

  /// The split that a configuration asks for.
  ///
  /// - Throws: `badConfiguration` unless split is 0 to 7, and not 0 for the high base.
  init(_ configuration: TableConfiguration, format: String) throws(PageTableError) {
    guard (0...7).contains(configuration.split) else {
      throw .badConfiguration(key: "split", value: "\(configuration.split)", format: format)
    }
    isHigh = configuration.base == .high
    bits = configuration.split
    guard !isHigh || bits > 0 else { throw .badConfiguration(key: "base", value: "high", format: format) }
  }

  /// The index bits of the first-level table.
  var rootIndexBits: Int { isHigh ? 12 : 12 - bits }

  /// Whether the table translates an address.
  func contains(_ deviceAddress: UInt64) -> Bool {
    guard deviceAddress >> 32 == 0 else { return false }
    return (bits > 0 && deviceAddress >> UInt64(32 - bits) != 0) == isHigh
  }

  /// The lines that tell a walker and a driver about the root.
  ///
  /// - Parameter flags: the low bits of TTBR0 or TTBR1: how the table itself is cached and shared.
  func lines(rootAddress: UInt64, flags: UInt64) -> [RootDescription.Line] {
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("entries", "\(1 << rootIndexBits)"),
      RootDescription.Line("split", "\(bits)"),
      RootDescription.Line(isHigh ? "ttbr1" : "ttbr0", hex: rootAddress | flags),
      RootDescription.Line("ttbcr", hex: UInt64(bits)),
      RootDescription.Line("prrr", hex: ARMShortAttributes.remap.prrr),
      RootDescription.Line("nmrr", hex: ARMShortAttributes.remap.nmrr),
    ]
  }
}

extension TableConfiguration {
  /// Refuses choices that a format does not have.
  ///
  /// - Parameter allowed: the keys that mean something to the format.
  func refuse(except allowed: Set<String>, format: String) throws(PageTableError) {
    func refuse(_ key: String, _ value: String?) throws(PageTableError) {
      guard let value, !allowed.contains(key) else { return }
      throw .badConfiguration(key: key, value: value, format: format)
    }
    try refuse("levels", levels.map { "\($0)" })
    try refuse("granule", granuleLog2.map { "\(UInt64(1) << UInt64(clamping: max($0, 0) & 63))" })
    try refuse("window", window.map { "\(hex($0.base)) of \($0.size) bytes" })
    try refuse("base", base == .high ? "high" : nil)
    try refuse("split", split != 0 ? "\(split)" : nil)
    try refuse("requester", requester.map { hex(UInt64($0)) })
    try refuse("root", root?.rawValue)
  }
}
