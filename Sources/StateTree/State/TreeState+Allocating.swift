internal import VCM

extension TreeState {
  /// Makes buffers, as ``Engine/allocate(_:before:)`` does, but none of the name that a file of `phys` itself has.
  ///
  /// - Throws: `nameTaken` (EEXIST) for such a name, and what the engine refuses.
  func allocate(
    _ requests: [PhysicalRequest], before failure: VCMError? = nil
  ) throws(VCMError) -> [PhysicalAllocation] {
    let own = try resolve(tree(Place.allocations)).node.childrenByName
    guard let bad = requests.firstIndex(where: { $0.name.map { own[$0] != nil } ?? false }) else {
      return try engine.allocate(requests, before: failure)
    }
    let name = Number.quoted(requests[bad].name ?? "")
    return try engine.allocate(
      Array(requests[..<bad]), before: VCMError(.nameTaken, "phys has \(name) already"))
  }
}
