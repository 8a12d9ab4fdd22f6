/// Something that the kernel may have kept and that is no longer true.
///
/// The handler gets these after the change and before the call that made it returns, with no lock held.
public enum Invalidation: Sendable, Hashable {
  /// The node's attributes and contents (of a directory: its listing; of a link: its target) may have changed.
  case changed(NodeID)
  /// The node's attributes may have changed while a listing with the old ones was on its way: the kernel must be told when
  /// nobody reads the directory any more who began before, and then ``Tree/hasArrived(_:)`` be called. `.changed(node)`
  /// always comes with it.
  case overtakes(NodeID, Listing)
  /// The name is gone from the directory, though nobody asked for it under this name. `.changed(child)` always comes
  /// with it, so that a node whose name is still cached is asked for anew: the name itself may be dropped later, from
  /// a thread that answers no request.
  case removed(parent: NodeID, name: String, child: NodeID)
}
