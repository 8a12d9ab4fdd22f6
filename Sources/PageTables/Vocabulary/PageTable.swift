/// One page table in physical memory, of whatever format.
///
/// Calls are all or nothing: one that throws has changed neither the table nor the table memory. A page table has no lock
/// of its own; whoever owns it serialises the calls. `PageTableSnapshot` values may be used on any thread.
///
/// The table keeps its own record of what it built, in proportion to the number of tables, and never frees or overwrites
/// anything because of what it reads back from memory, which other processes may write. Looking things up (`walk`,
/// `translate`, `snapshot`) on the other hand reads the encoded entries only.
public protocol PageTable: AnyObject {
  /// The format, as configured for this table.
  var format: FormatDescription { get }
  /// Where the table begins and what hardware must be told.
  var root: RootDescription { get }
  /// The slots that hold a valid entry: leaves (a repeated leaf counts once a slot) and table pointers. O(1).
  var validEntryCount: Int { get }
  /// The bytes of table memory in use, root structures included. O(1).
  var tableByteCount: UInt64 { get }
  /// The number of tables, the root included, without root structures. O(1).
  var tableCount: Int { get }
  /// The number of leaves of each page size that is in use, ascending by size. O(number of sizes).
  var leafCounts: [(size: UInt64, count: Int)] { get }

  /// Maps consecutive device addresses to runs of physical memory, one after the other.
  ///
  /// Adjacent runs count as one; each piece gets the largest leaf that device address, output address and length allow.
  ///
  /// - Throws: `badRange`, `misaligned`, `inputTooWide`, `outsideWindow`, `outputTooWide`, `cannotExpress`, `overlap`,
  ///   `outOfTableMemory`, `tableOutOfReach`.
  /// - Complexity: O(levels + entries written + tables made).
  func map(
    deviceAddress: UInt64, runs: [OutputRun], attributes: MappingAttributes
  ) throws(PageTableError)

  /// Maps device addresses to one run of physical memory: `map` without an array.
  func map(deviceAddress: UInt64, to run: OutputRun, attributes: MappingAttributes) throws(PageTableError)

  /// Removes the mapping of a range, all of which must be mapped, and frees tables that become empty.
  ///
  /// - Throws: `badRange`, `misaligned`, `inputTooWide`, `outsideWindow`, `notMapped`, `splitsLeaf`.
  /// - Complexity: O(levels + entries cleared + tables freed).
  func unmap(deviceAddress: UInt64, length: UInt64) throws(PageTableError)

  /// Gives the leaves of a range, all of which must be mapped, other attributes, each entry by one store.
  ///
  /// At no moment is an address unmapped, or more permitted than by the old or by the new attributes.
  ///
  /// - Throws: as `unmap`, and `cannotExpress`, `damaged`.
  func changeAttributes(
    deviceAddress: UInt64, length: UInt64, attributes: MappingAttributes
  ) throws(PageTableError)

  /// Follows the encoded table and says what it read on the way. O(levels).
  func walk(_ deviceAddress: UInt64) -> Walk

  /// Follows the encoded table without noting the way. O(levels), no allocation.
  func translate(_ deviceAddress: UInt64) -> Translation

  /// The encoded table as it is now. Cheap while the table's bytes have not changed since the last call.
  func snapshot() -> PageTableSnapshot

  /// Gives every byte of table memory back. Only `destroy` may be called afterwards; it then does nothing.
  func destroy()
}
