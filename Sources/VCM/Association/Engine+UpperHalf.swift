extension Engine {
  /// The attributes of an association for which none are named.
  ///
  /// They are the low base without a split, unless only an upper half holds the region, as with the kernel's addresses of a
  /// 64-bit ARM processor: then they are the high base, with the smallest split whose half holds it. Without this such a
  /// region could not be associated from a shell, where attributes can be set only once the association is there.
  ///
  /// O(1): at most 31 splits are tried.
  func standardAttributes(of region: Region, for device: Device) -> AssociationAttributes {
    let low = AssociationAttributes()
    if canTranslate(region, device, low) { return low }
    for split in UInt8(1)...31 {
      let high = AssociationAttributes(base: .high, split: split)
      if canTranslate(region, device, high) { return high }
    }
    return low
  }

  private func canTranslate(
    _ region: Region, _ device: Device, _ attributes: AssociationAttributes
  ) -> Bool {
    do {
      try checkTranslation(of: device, attributes, start: region.start, length: region.length)
      return true
    } catch {
      return false
    }
  }
}
