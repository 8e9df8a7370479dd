import Foundation
import Testing

@testable import Payments

/// Channels: numbers that histories hold, and names a school gives.
@Suite("Channels")
struct ChannelTests {
  @Test("The numbers histories hold are never given again")
  func numbers() {
    let names = [
      "unknown", "wechat", "alipay", "unionpay", "icbc", "abc", "boc", "ccb", "bocom", "psbc",
      "cmb", "citic", "ceb", "cmbc", "spdb", "cib", "pab", "hxb", "cgb", "bank", "other",
    ]
    #expect(Channel.known.map(\.name) == names)
    #expect(Channel.known.map(\.number) == names.indices.map { UInt8($0) })
    let said: [Channel] = [
      .unknown, .wechat, .alipay, .unionpay, .icbc, .abc, .boc, .ccb, .bocom, .psbc, .cmb, .citic,
      .ceb, .cmbc, .spdb, .cib, .pab, .hxb, .cgb, .bank, .other,
    ]
    #expect(said == Channel.known)
    for channel in said {
      #expect(Channel(known: channel.number) == channel && Channel(name: channel.name) == channel)
    }
    #expect(Channel(known: 21) == nil && Channel(known: 128) == nil)
  }

  @Test("Banks are those that are banks")
  func banks() {
    let others: Set<Channel> = [.unknown, .wechat, .alipay, .unionpay, .other]
    for channel in Channel.known { #expect(channel.isBank == !others.contains(channel)) }
    #expect(Channel.bank.fits(.icbc) && Channel.cgb.fits(.bank) && !Channel.icbc.fits(.boc))
    #expect(Channel.unknown.fits(.wechat) && !Channel.bank.fits(.wechat))
  }

  @Test("A school's own channel has its name, its label and its kind")
  func own() {
    let label = Wording(zh: "武汉农商行", en: "Wuhan Rural Commercial Bank")
    let bank = OwnChannel.told(name: "whrcb-a", label: label, words: ["农商行"]).channel
    let wallet = OwnChannel.told(name: "campus-pay", isBank: false).channel
    #expect(bank.isOwn && bank.isBank && bank.name == "whrcb-a" && bank.own?.label == label)
    #expect(wallet.isOwn && !wallet.isBank)
    #expect(Channel(name: "whrcb-a") == bank && Channel.all.contains(bank))
    #expect(bank.fits(.bank) && !wallet.fits(.bank) && Channel.unknown.fits(bank))
    // Told again it is the same, with what was told last.
    let again = OwnChannel.told(name: "whrcb-a", label: Wording(zh: "农商行", en: "RCB"))
    #expect(again.channel == bank && bank.own?.label.en == "RCB")
    // By name, after all others.
    #expect(wallet < bank && Channel.other < wallet)
  }

  @Test("Stored: a number for what the program knows, a name for what a school named")
  func stored() throws {
    let own = OwnChannel.told(name: "whrcb-b").channel
    let encoder = JSONEncoder()
    #expect(
      String(decoding: try encoder.encode([Channel.ccb, own]), as: UTF8.self) == "[7,\"whrcb-b\"]")
    let read = try JSONDecoder().decode(
      [Channel].self, from: Data("[7,\"whrcb-b\",\"lost-bank\"]".utf8))
    #expect(read[0] == .ccb && read[1] == own)
    // A history outlives its configuration.
    #expect(read[2].name == "lost-bank" && read[2].isBank)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Channel.self, from: Data("77".utf8))
    }
  }

  @Test("Where a school names more channels than there are numbers, the rest are others")
  func many() async {
    await #expect(processExitsWith: .success) {
      let channels = (0..<70).map { OwnChannel.told(name: "bank-\($0)").channel }
      guard Set(channels.prefix(64)).count == 64, channels.prefix(64).allSatisfy(\.isOwn),
        channels.suffix(6).allSatisfy({ $0 == .other })
      else { exit(1) }
      exit(0)
    }
  }
}
