import Foundation

/// One thing to do, in the same way on both filesystems.
struct Row: Sendable {
  /// What the table and thresholds.json call it.
  let name: String
  /// Which pair of mounts it is measured on.
  let pair: Pair
  /// Whether doing it once takes long enough for a turn.
  var isLong = false
  /// What is done before each turn, and not measured; false where it failed.
  var before: @Sendable (_ paths: Paths) -> Bool = { _ in true }
  /// Does it once; false where it failed.
  let body: @Sendable (_ paths: Paths) -> Bool
}

/// How the null filesystem is mounted, and what lies in both.
enum Pair: String, CaseIterable {
  /// Names and attributes for ever; reads and writes past the page cache: what vcmfs does.
  case direct
  /// The same, with extended attributes.
  case attributes
  /// Nothing kept: names and attributes are asked for again.
  case asked
  /// Everything kept, pages and listings too.
  case cached
  /// Ten thousand names in a directory, whose listing both keep.
  case tenThousand
  /// The same, and the null filesystem keeps no listing.
  case tenThousandUnkept
  /// A million names, and listings that both keep.
  case million
  /// Page tables of six megabytes, raw.
  case tables
  /// The same as text.
  case text
  /// The same, client and daemons on all CPUs: what is made while something else is copied.
  case textOnAll
  /// A buffer in 4K pieces that do not lie together.
  case scattered
  /// tmpfs, beside `memory/physical` passed through to the memory file.
  case physical
}

extension Pair {
  /// Whether client and daemons may use all CPUs, and not one for all.
  var isOnAllProcessors: Bool { self == .textOnAll }
}

/// Where things lie on one filesystem.
final class Paths: @unchecked Sendable {
  var attribute = ""
  /// An attribute that never changes.
  var constant = ""
  var link = ""
  var newDirectory = ""
  var newLink = ""
  var target = ""
  /// A file to which `request` is written, and the directory that this makes.
  var requests = ""
  var made = ""
  /// A directory to list.
  var listing = ""
  /// A large file.
  var large = ""
  /// What is written to the attribute: a value that it may have.
  let value = "0x0\n"
  let request = "4K name=made\n"
  /// What makes the listing new.
  var touch: @Sendable () -> Bool = { true }

  /// The open constant, and the open large file; -1 before they are used.
  lazy var constantFile = open(constant, O_RDONLY)
  lazy var largeFile = open(large, O_RDONLY)
}
