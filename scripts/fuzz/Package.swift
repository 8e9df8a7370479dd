// swift-tools-version: 6.2

import Foundation
import PackageDescription

/// The layouts compiled into Statements, as they lie in its folder.
let profiles = try FileManager.default
  .contentsOfDirectory(atPath: Context.packageDirectory + "/Sources/Statements/Profiles")
  .filter { $0.hasSuffix(".yaml") }.sorted()

// libFuzzer entry points for the statement readers. A package of its own, so that nobody who builds
// cardrecon builds them; the rooms it fuzzes are the main package's, by symbolic link.
let package = Package(
  name: "fuzz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
    .systemLibrary(name: "CLibZip", pkgConfig: "libzip"),
    .target(name: "Columns"),
    .target(
      name: "Files",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    .target(name: "Payments", dependencies: ["Columns"]),
    .target(name: "CDelimiters"),
    .target(
      name: "Statements",
      dependencies: [
        "Columns", "Files", "Payments", "CDelimiters", "CLibXML2", "CLibZip",
        .product(name: "Yams", package: "Yams"),
      ],
      resources: profiles.map { .embedInCode("Profiles/\($0)") }),
    .target(name: "FuzzHarness", dependencies: ["Statements", "Payments"]),
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(name: "fuzz-statements", dependencies: ["FuzzHarness", "CLibFuzzer"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
