public import PhysicalMemory

/// A format that tables can be made in.
///
/// An object, so that a device can hold one by a pointer: each look at an association asks for its format.
public protocol FormatEntry: AnyObject, Sendable {
  /// The format with its default configuration.
  var description: FormatDescription { get }

  /// The format as a configuration makes it.
  ///
  /// - Throws: `badConfiguration`.
  func description(for configuration: TableConfiguration) throws(PageTableError) -> FormatDescription

  /// The bytes of the smallest page in a configuration: what its description says, without the rest of that.
  ///
  /// - Throws: `badConfiguration`.
  func smallestPageSize(for configuration: TableConfiguration) throws(PageTableError) -> UInt64

  /// The configuration that a table is made with whose last device address is known.
  ///
  /// Where `configuration` leaves the number of levels to the format, and its hardware walks as many as software says
  /// (`amd-v1`), it has as many as the address needs. Otherwise it stays as it is.
  func configuration(
    _ configuration: TableConfiguration, reaching lastDeviceAddress: UInt64
  ) -> TableConfiguration

  /// Refuses attributes that the format cannot express.
  ///
  /// - Throws: `badConfiguration`, `cannotExpress`.
  func check(_ attributes: MappingAttributes, configuration: TableConfiguration) throws(PageTableError)

  /// Refuses a range of device addresses that the format cannot translate.
  ///
  /// - Throws: `badConfiguration`, `badRange`, `inputTooWide`, `outsideWindow`.
  func checkRange(
    start: UInt64, length: UInt64, configuration: TableConfiguration
  ) throws(PageTableError)

  /// How many leaves of each size a mapping takes in a table that has nothing there, without making one.
  ///
  /// A leaf is what a translation cache keeps as one entry: copies of an entry that the hardware takes for one
  /// count once.
  ///
  /// - Returns: the sizes that are used, ascending.
  /// - Throws: `badConfiguration`, `inputTooWide`, `outsideWindow`, `misaligned`, `outputTooWide`, `badRange`.
  /// - Complexity: O(runs · page sizes).
  func planLeaves(
    deviceAddress: UInt64, runs: [OutputRun], configuration: TableConfiguration
  ) throws(PageTableError) -> [(size: UInt64, count: UInt64)]

  /// As ``planLeaves(deviceAddress:runs:configuration:)``, at a device address that suits the first run best: one that
  /// agrees with its physical address in all bits below the largest page.
  ///
  /// - Throws: `badConfiguration`, `misaligned`, `outputTooWide`, `badRange`.
  func planBestLeaves(
    runs: [OutputRun], configuration: TableConfiguration
  ) throws(PageTableError) -> [(size: UInt64, count: UInt64)]

  /// Makes an empty table: its root, and the structures in memory that lead to it.
  ///
  /// - Throws: `badConfiguration`, `outOfTableMemory`, `tableOutOfReach`.
  func makeTable(
    configuration: TableConfiguration, tableMemory: any TableMemory
  ) throws(PageTableError) -> any PageTable

  /// Reads a page table that somebody else made.
  ///
  /// - Parameters:
  ///   - rootAddress: the physical address of the first table.
  ///   - memory: where it lies; only read.
  /// - Throws: `badConfiguration`, `rootOutsideMemory`.
  /// - Complexity: O(bytes of all tables found), which are copied.
  func decode(
    _ memory: PhysicalMemory, rootAddress: UInt64, configuration: TableConfiguration,
    options: DecodingOptions
  ) throws(PageTableError) -> DecodedTable
}

/// All formats, by name.
public enum FormatRegistry {
  /// The format called `name`; `nil` if there is none.
  ///
  /// O(number of formats).
  public static func named(_ name: String) -> (any FormatEntry)? {
    all.first { $0.description.name == name }
  }
}
