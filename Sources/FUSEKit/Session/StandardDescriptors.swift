internal import Glibc

/// Standard input, output and error: the descriptors 0, 1 and 2.
enum StandardDescriptors {
  /// Opens those that are closed on /dev/null, so that nothing else ever gets their numbers.
  static func ensureOpen() {
    while true {
      let descriptor = open("/dev/null", O_RDWR)
      guard (0...2).contains(descriptor) else {
        if descriptor > 2 { close(descriptor) }
        return
      }
    }
  }

  /// Lets go of the terminal, or whatever they are.
  static func redirectToNull() {
    let null = open("/dev/null", O_RDWR)
    guard null >= 0 else { return }
    for descriptor: Int32 in 0...2 where descriptor != null { dup2(null, descriptor) }
    if null > 2 { close(null) }
  }
}
