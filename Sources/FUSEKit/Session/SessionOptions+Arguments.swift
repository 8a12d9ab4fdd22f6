extension SessionOptions {
  /// What fuse_session_new(3) is to parse.
  ///
  /// The limit of reads has to be given here as well as in the answer to INIT, or libfuse refuses.
  var arguments: [String] {
    var words = mount.words + ["max_read=\(transferSize)", "fsname=\(Self.escaped(name))"]
    if let subtype { words.append("subtype=\(Self.escaped(subtype))") }
    return ["fusekit"] + (isDebugging ? ["-d"] : []) + words.flatMap { ["-o", $0] }
  }

  /// libfuse takes a comma and a backslash literally behind a backslash.
  private static func escaped(_ text: String) -> String {
    String(text.flatMap { $0 == "," || $0 == "\\" ? ["\\", $0] : [$0] })
  }
}
