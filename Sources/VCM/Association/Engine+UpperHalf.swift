internal import PageTables

extension Engine {
  /// How a device's format translates a region: with the attributes that are named or, of nil, with the standard ones.
  ///
  /// These are the low base without a split, unless only an upper half holds the region, as with the kernel's addresses of a
  /// 64-bit ARM processor: then they are the high base, with the smallest split whose half holds it. Without this such a
  /// region could not be associated from a shell, where attributes can be set only once the association is there.
  ///
  /// O(1): at most 31 splits are tried.
  ///
  /// - Returns: the attributes, and the table's configuration; nil of a device that walks no tables.
  /// - Throws: what is wrong with the attributes named, or with the low base.
  func translation(
    of region: Region, by device: Device, _ named: AssociationAttributes?
  ) throws(VCMError) -> (attributes: AssociationAttributes, configuration: TableConfiguration?) {
    let (start, length) = (region.start, region.length)
    let first = named ?? AssociationAttributes()
    do throws(VCMError) {
      return (first, try checkTranslation(of: device, first, start: start, length: length))
    } catch {
      guard named == nil else { throw error }
      for split in UInt8(1)...31 {
        let high = AssociationAttributes(base: .high, split: split)
        guard let found = try? checkTranslation(of: device, high, start: start, length: length) else {
          continue
        }
        return (high, found)
      }
      throw error
    }
  }
}
