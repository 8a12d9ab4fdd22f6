extension RootDescription.Line {
  /// The line `requester=BB:DD.F` for a requester (bus << 8 | device << 3 | function) in the spelling of lspci.
  init(requester: UInt16) {
    func padded(_ number: UInt16) -> String { (number < 16 ? "0" : "") + String(number, radix: 16) }
    self.init(
      "requester", "\(padded(requester >> 8)):\(padded(requester >> 3 & 31)).\(requester & 7)")
  }
}

extension TableConfiguration {
  /// The requester for whom root structures are made: the configuration's, or bus 0, device 1, function 0.
  var requesterOrStandard: UInt16 { requester ?? 0x0008 }
}

extension TableConfiguration {
  /// What hardware finds the table by: the configuration's choice, or the first of those that a format has.
  ///
  /// - Throws: `badConfiguration`.
  func root(among kinds: [RootKind], format: String) throws(PageTableError) -> RootKind? {
    guard let root else { return kinds.first }
    guard kinds.contains(root) else {
      throw .badConfiguration(key: "root", value: root.rawValue, format: format)
    }
    return root
  }
}
