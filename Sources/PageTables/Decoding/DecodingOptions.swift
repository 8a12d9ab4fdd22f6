/// How a page table that somebody else made is read.
public struct DecodingOptions {
  /// What is being done while it takes long.
  public enum Step: Sendable, Hashable {
    /// Tables are found and copied.
    case reading
    /// Their entries are checked.
    case checking
  }

  /// The spare page that unused entries lead to, in formats that have one; `nil` = there is none.
  public var sparePage: UInt64?
  /// No more tables than this are followed; damaged memory may seem to hold any number.
  public var tableLimit: Int
  /// Told now and then how many tables are done, and of how many if that is known.
  public var onProgress: ((Step, _ done: Int, _ total: Int?) -> Void)?

  /// Options; without arguments no spare page, and at most a million tables.
  public init(
    sparePage: UInt64? = nil, tableLimit: Int = 1 << 20,
    onProgress: ((Step, _ done: Int, _ total: Int?) -> Void)? = nil
  ) {
    self.sparePage = sparePage
    self.tableLimit = tableLimit
    self.onProgress = onProgress
  }
}
