import ArgumentParser
import Payments
import Runs

/// `cardrecon key`: the key that signs the anchors of days.
struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "签名密钥。the key that signs anchors",
    subcommands: [New.self])

  /// Nothing was asked for.
  func run() throws { throw ValidationError("cardrecon key new --to FILE") }

  /// `cardrecon key new`: makes one.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new",
      abstract: "新建签名密钥（Ed25519）。make a key that signs each day's anchor",
      discussion: """
        写下私钥（仅本人可读）与公钥（.pub.pem）；在配置中写 anchorKey: 私钥路径，此后每天的 anchor.txt 都有签名 anchor.sig。
        公钥请另存于他处：cardrecon verify --key 公钥，或 openssl pkeyutl -verify -pubin -inkey 公钥 \
        -rawin -in anchor.txt -sigfile anchor.sig。
        签名证明签发者持有私钥；私钥放在同一台主机上，拦不住能在该主机上读取它的人（root）。
        Signing proves that the signer had the key. A key on the same host does not stop that host's root.
        """)

    @Option(help: "私钥写到哪里。where the private key goes", completion: .file())
    var to: String

    @Option(help: "语言 zh 或 en。language of the output")
    var lang: Language = .zh

    func run() throws {
      do {
        let (publicPath, publicText) = try AnchorKey.make(at: to)
        try Terminal.write(
          Array(
            ((lang == .zh
              ? """
              私钥 \(to)（仅本人可读）：请备份，在配置中写 anchorKey: \(to)
              公钥 \(publicPath)：请另存于他处，核验用 cardrecon verify --key
              公钥值 \(publicText)
              """
              : """
              private key \(to), for its owner's eyes only: back it up and write anchorKey: \(to)
              public key \(publicPath): keep it elsewhere, for `cardrecon verify --key`
              public key value \(publicText)
              """) + "\n").utf8))
      } catch {
        throw ExitCodes.failure(error, lang)
      }
    }
  }
}
