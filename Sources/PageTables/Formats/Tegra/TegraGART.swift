/// The GART of Tegra20 (2010): an array of 8192 registers, one for each 4K page of a fixed aperture.
///
/// There is no table in memory: a driver writes a device address to ENTRY_ADDR and the word to ENTRY_DATA. The table here is
/// the array's image, in the order of device addresses. Facts: Linux drivers/iommu/tegra-gart.c (`GART_*`); the aperture:
/// Linux arch/arm/boot/dts/nvidia/tegra20.dtsi.
struct TegraGART: FlatFormat {
  static let name = "tegra-gart"
  static let summary = "NVIDIA Tegra20 GART (2010)"
  static let attributeLines = AttributeLine.none

  private static let aperture = TableWindow(base: 0x5800_0000, size: 1 << 25)
  private static let rules = WindowRules(
    standard: aperture, sizes: 1 << 12...aperture.size, granularity: 1 << 12, isNatural: false,
    addressBits: 32)

  let window: TableWindow
  let pageSizeLog2 = 12

  init() {
    window = Self.aperture
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
    guard Self.aperture.offset(of: window.base) != nil,
      Self.aperture.offset(of: window.base &+ window.size &- 1) != nil
    else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: Self.name)
    }
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 31 }
  /// The image may lie anywhere.
  var tableAddressBits: Int { 40 }

  func levelName(_ level: Int) -> StaticString { "GART" }

  func kind(of entry: UInt32, level: Int) -> EntryKind { entry >> 31 == 0 ? .empty : .leaf }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0x7FFF_F000) }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress) & 0x7FFF_F000
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: NoAttributes) -> UInt32 { 1 << 31 }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> NoAttributes {
    try wish.requireReadWrite(format: Self.name)
    return NoAttributes()
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> NoAttributes { NoAttributes() }
  func mappingAttributes(of attributes: NoAttributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 8 }

  func describe(_ attributes: NoAttributes, into text: inout TextCursor) {
    text.append("prot=rwx")
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // ENTRY_ADDR: the first device address to write. CONFIG: 0 enable.
    windowLines + [
      RootDescription.Line("gart_entry_addr", hex: window.base),
      RootDescription.Line("gart_config", hex: 1),
    ]
  }
}
