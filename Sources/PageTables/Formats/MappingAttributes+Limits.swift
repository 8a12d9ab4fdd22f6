/// Refusals that formats share, so that each limit has one wording.
extension MappingAttributes {
  /// For formats whose every mapping permits reading and writing to everybody.
  ///
  /// - Throws: `cannotExpress` for anything less, and for secure memory.
  func requireReadWrite(format: String) throws(PageTableError) {
    guard access.isSuperset(of: [.read, .write]) else {
      throw .cannotExpress(attribute: accessName, format: format)
    }
    try requireNoPrivilegeBit(format: format)
  }

  /// For formats with no bits for privilege and security.
  ///
  /// - Throws: `cannotExpress` for supervisor-only mappings and for secure memory.
  func requireNoPrivilegeBit(format: String) throws(PageTableError) {
    guard privilege == .user else {
      throw .cannotExpress(attribute: "supervisor-only access", format: format)
    }
    try requireNonSecure(format: format)
  }

  /// For formats with no bit for security.
  ///
  /// - Throws: `cannotExpress` for secure memory.
  func requireNonSecure(format: String) throws(PageTableError) {
    guard !isSecure else { throw .cannotExpress(attribute: "secure memory", format: format) }
  }

  /// The access in words, for a refusal.
  var accessName: String {
    switch (access.contains(.read), access.contains(.write), access.contains(.execute)) {
    case (true, true, _): "read-write access"
    case (true, false, _): "read-only access"
    case (false, true, _): "write without read"
    case (false, false, true): "execute without read"
    case (false, false, false): "no access at all"
    }
  }
}
