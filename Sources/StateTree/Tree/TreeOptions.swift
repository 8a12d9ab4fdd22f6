/// What a tree needs to know beside its engine.
public struct TreeOptions: Sendable {
  /// Tells the time.
  public var clock: @Sendable () -> Timestamp
  /// Who owns all nodes.
  public var owner: Caller
  /// The largest write that the kernel sends in one piece, in bytes.
  ///
  /// A longer `write(2)` arrives in pieces of this size.
  public var largestWrite: Int
  /// The content of `version`, without a newline.
  public var version: String

  /// Options.
  public init(
    clock: @escaping @Sendable () -> Timestamp, owner: Caller, largestWrite: Int = 1 << 20,
    version: String = "vcmfs"
  ) {
    self.clock = clock
    self.owner = owner
    self.largestWrite = largestWrite
    self.version = version
  }
}
