/// What kind of address space a region is.
public enum RegionKind: String, CaseIterable, Sendable {
  /// Devices see it through their IOMMUs.
  case device
  /// Device address and physical address are the same.
  case oneToOne = "one-to-one"
  /// The kernel's space of the processor; always active. Number 1 of `vcm_create_from_prebuilt`.
  case kernel
  /// A user's space of the processor; always active. Number 2 of `vcm_create_from_prebuilt`.
  case user

  /// Whether the region stands for an address space that the processor already has.
  public var isPrebuilt: Bool { self == .kernel || self == .user }
}
