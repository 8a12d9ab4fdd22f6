/// Refusals and wordings that formats with few attributes share.
extension MappingAttributes {
  /// For formats in which every mapping can be read, and a bit permits writing.
  ///
  /// - Throws: `cannotExpress` for anything that cannot be read.
  func requireRead(format: String) throws(PageTableError) {
    guard access.contains(.read) else { throw .cannotExpress(attribute: accessName, format: format) }
  }

  /// For formats with a bit for reading and a bit for writing, of which an entry has at least one.
  ///
  /// - Throws: `cannotExpress` for no access at all, and for execution without reading.
  func requireReadOrWrite(format: String) throws(PageTableError) {
    guard !access.isDisjoint(with: [.read, .write]) else {
      throw .cannotExpress(attribute: accessName, format: format)
    }
    try requireExecuteOnlyWithRead(format: format)
  }

  /// For formats in which what may be read may be executed.
  ///
  /// - Throws: `cannotExpress` for execution without reading.
  func requireExecuteOnlyWithRead(format: String) throws(PageTableError) {
    guard access.contains(.read) || !access.contains(.execute) else {
      throw .cannotExpress(attribute: "execute without read", format: format)
    }
  }

  /// Attributes as entries with bits for reading and writing have them: what may be read may be executed.
  init(canRead: Bool, canWrite: Bool, cache: CachePolicy = .notCached) {
    var access: Access = []
    if canRead { access.formUnion([.read, .execute]) }
    if canWrite { access.insert(.write) }
    self.init(access: access, cache: cache)
  }
}

/// Lines of `formats/<format>/attributes` that formats with few attributes share.
enum AttributeLine {
  static let readWriteAlways =
    "read, write: every mapping permits both; read-only, write-only and none cannot be expressed"
  static let readAlways =
    "read: every mapping permits it, so write, execute or nothing without read cannot be expressed"
  static let noExecute = "execute: no bit; what may be read may be executed"
  static let noUser = "user: no bit; supervisor cannot be expressed"
  static let noSecure = "secure: cannot be expressed"
  static let noCache = "cache: no bits; any policy is accepted and has no effect"

  /// Of entries that permit everything.
  static let none = [readWriteAlways, noExecute, noUser, noSecure, noCache]
}
