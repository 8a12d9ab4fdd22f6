import ArgumentParser

/// The command line of `vcmfs decode`, as it was typed.
struct DecodeArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The page-table format (`vcmfs formats` lists all).", valueName: "name"))
  var format: String

  @Option(help: ArgumentHelp("The physical address of the first table.", valueName: "address"))
  var root: String

  // `-` and `-:BASE` are values, not options.
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      An image and the physical address of its first byte (0): FILE, FILE:BASE, FILE:BASE@OFFSET or \
      FILE:BASE@OFFSET+SIZE for a part of a file; of an ELF core FILE its segments, where they say. May be given again. `-`, and no image at all, is standard input.
      """, valueName: "file:base"))
  var memory: [String] = []

  @Option(help: ArgumentHelp("The number of levels of the tables.", valueName: "number"))
  var levels: String?

  @Option(help: ArgumentHelp("The smallest page.", valueName: "size"))
  var granule: String?

  @Option(help: ArgumentHelp("The device addresses that the table translates.", valueName: "base+size"))
  var window: String?

  @Option(help: ArgumentHelp("The width of a device address.", valueName: "number"))
  var inputBits: String?

  @Option(help: ArgumentHelp("The half of a split address space: low or high.", valueName: "half"))
  var base: String?

  @Option(
    help: ArgumentHelp("Where the halves divide, as in an association's `attr`.", valueName: "number"))
  var split: String?

  @Option(
    help: ArgumentHelp("The spare page that unused entries of some formats lead to.", valueName: "address"))
  var spare: String?

  @Option(help: ArgumentHelp("Only what concerns device addresses from here on.", valueName: "address"))
  var start: String?

  @Option(help: ArgumentHelp("Only what concerns device addresses up to here.", valueName: "address"))
  var last: String?

  @Flag(help: "Ranges with consecutive output addresses and equal attributes, instead of entries.")
  var runs = false

  @Flag(help: "JSON of the shape of pagetable.json, with the problems in it.")
  var json = false

  @Flag(help: "Only the problems, on standard output.")
  var check = false

  @Option(help: ArgumentHelp("How many problems of each kind are told (100).", valueName: "number"))
  var limit: String?
}
