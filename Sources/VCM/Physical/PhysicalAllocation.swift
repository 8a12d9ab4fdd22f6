/// A list of physical chunks: `struct physmem` of the RFC.
///
/// It may back many reservations.
public final class PhysicalAllocation {
  // What look-ups need comes first, so that they touch few lines of the cache.

  /// The chunks.
  let runs: ChunkList

  @exclusivity(unchecked) var users = UserTable()

  var storedName: StoredName

  /// The allocation's lasting identity.
  public let id: ObjectID

  /// What was asked for, as the bits of `vcm.h`.
  public let attributes: PhysicalAttributes

  /// Whether this is an existing range that was wrapped (`vcm_map_phys_addr`), not memory that was allocated.
  public let isWrapped: Bool

  /// False once the allocation was freed.
  @exclusivity(unchecked) public internal(set) var isLive = true

  /// The memory types that were asked for (`vcm_get_memtype_of_physalloc`); for a wrapped range the types
  /// that it touches, none if it lies outside of all.
  public let memoryTypes: [MemoryType]

  /// A number that belongs to whoever uses the engine, for instance a time of modification.
  ///
  /// Zero at first.
  @exclusivity(unchecked) public var stamp: UInt64 = 0

  /// What this allocation has to do with wrapped ranges; nil for most, which have nothing to do with them.
  var links: WrapLinks?

  init(
    id: ObjectID, attributes: PhysicalAttributes, isWrapped: Bool, memoryTypes: [MemoryType], runs: ChunkList,
    claims: [AddressRange], name: StoredName
  ) {
    self.id = id
    self.attributes = attributes
    self.memoryTypes = memoryTypes
    var runs = runs
    runs.orderByAddress()
    self.runs = runs
    self.isWrapped = isWrapped
    storedName = name
    if !claims.isEmpty { links = WrapLinks(claims: claims) }
  }

  /// For a wrapped range the pieces of memory types that were free and now belong to it.
  ///
  /// What was allocated belongs to an allocation chunk by chunk.
  var claims: [AddressRange] { links?.claims ?? [] }

  /// The wrapped ranges that lie over memory of this allocation, so that it cannot be freed.
  var wrappers: [PhysicalAllocation] {
    get { links?.wrappers ?? [] }
    set { madeLinks.wrappers = newValue }
  }

  /// The allocations whose memory this wrapped range lies over.
  var pinned: [PhysicalAllocation] {
    get { links?.pinned ?? [] }
    set { madeLinks.pinned = newValue }
  }

  private var madeLinks: WrapLinks {
    let made = links ?? WrapLinks(claims: [])
    links = made
    return made
  }

  /// The lists that a wrapped range, or an allocation below one, has beside itself.
  final class WrapLinks {
    let claims: [AddressRange]
    var wrappers: [PhysicalAllocation] = []
    var pinned: [PhysicalAllocation] = []

    init(claims: [AddressRange]) { self.claims = claims }
  }

  /// The number of bytes.
  public var length: UInt64 { runs.length }

  /// The name, unique among allocations.
  public var name: String { storedName.text(prefix: "b") }

  /// Whether all of it is one contiguous range of physical addresses.
  ///
  /// O(runs).
  public var isContiguous: Bool { runs.isContiguous }

  /// The number of chunks.
  ///
  /// O(1).
  public var chunkCount: UInt64 { runs.chunkCount }
}
