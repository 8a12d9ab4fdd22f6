/// One reservation that is asked for.
public struct ReservationRequest: Hashable, Sendable {
  /// The number of bytes: a multiple of the region's smallest page, not zero, not above the region's length.
  public var length: UInt64

  /// What the start must be a multiple of: a power of two.
  ///
  /// Nil means the region's smallest page.
  public var alignment: UInt64?

  /// The wanted first device address; nil means the lowest that fits.
  public var address: UInt64?

  /// The name of the bound to take the range from; nil means the region itself.
  public var bound: String?

  /// The name; nil means `r0`, `r1`, ...
  public var name: String?

  /// The attributes.
  public var attributes: ReservationAttributes

  /// Makes a request.
  public init(
    length: UInt64, alignment: UInt64? = nil, at address: UInt64? = nil, bound: String? = nil,
    name: String? = nil, attributes: ReservationAttributes = ReservationAttributes()
  ) {
    self.length = length
    self.alignment = alignment
    self.address = address
    self.bound = bound
    self.name = name
    self.attributes = attributes
  }
}
