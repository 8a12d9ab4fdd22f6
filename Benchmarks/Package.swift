// swift-tools-version: 6.2
import PackageDescription

/// The benchmarks: a package of their own, so that a build of the product never builds them.
///
/// A plain executable rather than a benchmark framework: what is compared runs in other processes (two filesystems behind one
/// kernel), in turns, and what counts are ratios of medians and numbers of requests, none of which a framework measures.
let package = Package(
  name: "Benchmarks",
  targets: [
    .executableTarget(
      name: "measure",
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
)
