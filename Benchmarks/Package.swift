// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The benchmarks: a package of their own, so that a build of the product never builds them.
///
/// Plain executables rather than a benchmark framework: `measure` compares other processes (two filesystems behind one
/// kernel) in turns, `engine-rows` compares code with C code in turns, and what counts are ratios of medians, numbers of
/// requests and of instructions, none of which a framework measures.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "vcmfs", path: "..")],
  targets: [
    .target(name: "Measuring", swiftSettings: settings),
    .target(name: "Baselines", cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),
    .executableTarget(name: "measure", dependencies: ["Measuring"], swiftSettings: settings),
    .executableTarget(
      name: "engine-rows",
      dependencies: [
        "Measuring", "Baselines", .product(name: "VCM", package: "vcmfs"),
        .product(name: "PageTables", package: "vcmfs"), .product(name: "PhysicalMemory", package: "vcmfs"),
      ],
      swiftSettings: settings),
  ]
)
