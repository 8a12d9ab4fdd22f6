/// The exit statuses of the command, besides 0.
enum ExitStatus {
  /// The mount could not be made, or ended in a way that it should not; a decoded table has problems.
  static let failure: Int32 = 1

  /// The command line is wrong (EX_USAGE of sysexits.h; also what the argument parser uses).
  static let usage: Int32 = 64

  /// The platform file is wrong, or the memory image (EX_DATAERR of sysexits.h).
  static let badPlatform: Int32 = 65

  /// The output cannot be written (EX_IOERR of sysexits.h).
  static let badOutput: Int32 = 74
}

/// An error that a user is told in one sentence, with the status that the command ends with.
protocol Complaint: Error {
  /// What is wrong, with the value that was wrong; several lines if there is more than one thing.
  var sentence: String { get }
  /// One of ``ExitStatus``.
  var exitStatus: Int32 { get }
}

extension UsageError: Complaint {
  var sentence: String {
    "\(self)\nuse: vcmfs [-f] [-d] [-s] [-o OPTION,...] [SOURCE] MOUNTPOINT (see vcmfs --help)"
  }
  var exitStatus: Int32 { ExitStatus.usage }
}

extension OptionError: Complaint {
  var sentence: String { description }
  var exitStatus: Int32 { ExitStatus.usage }
}

extension PlatformFileError: Complaint {
  var sentence: String { "the platform file is wrong:\n\(self)" }
  var exitStatus: Int32 { ExitStatus.badPlatform }
}
