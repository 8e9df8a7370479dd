internal import Foundation
internal import GRDB

/// The tables, as an ordered list of named steps. Steps are only ever added.
enum HistorySchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 nights, anomalies, decisions, chain") { database in
      try database.execute(sql: nights)
      for table in ["runs", "statements", "anomalies", "pending", "decisions", "chain"] {
        for action in ["UPDATE", "DELETE"] {
          try database.execute(
            sql: """
              CREATE TRIGGER \(table)_\(action) BEFORE \(action) ON \(table)
              BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
              """)
        }
      }
    }
    migrator.registerMigration("2 what a night asks of all nights before") { database in
      try database.execute(sql: standing)
    }
    migrator.registerMigration("3 what the calendar shows of all nights") { database in
      try database.execute(sql: figures)
    }
    migrator.registerMigration("4 figures that are written first are not taken out of the body") {
      database in
      // Taken out of the body they take longer than the body itself. A program of before still has them
      // taken.
      try database.execute(
        sql: """
          DROP TRIGGER IF EXISTS anomalies_figures;
          CREATE TRIGGER anomalies_figures AFTER INSERT ON anomalies
          WHEN NOT EXISTS (SELECT 1 FROM figures WHERE id = new.id AND run = new.run) BEGIN
            INSERT INTO figures VALUES (new.id, new.run,
              json_extract(CAST(new.body AS TEXT), '$.severity'),
              json_extract(CAST(new.body AS TEXT), '$.amountFen'));
          END;
          """)
    }
    migrator.registerMigration("5 what each run was delivered, in one piece") { database in
      try database.execute(sql: delivered)
      let links = try Row.fetchAll(
        database, sql: "SELECT body, hash FROM chain WHERE kind = 'run'")
      for link in links {
        // What cannot be read is read one by one when it is asked for.
        guard let run = try? JSONDecoder().decode(ChainedRun.self, from: link[0]),
          let deliveries = try? Delivery.all(of: run.run, database)
        else { continue }
        try database.execute(
          sql: "INSERT OR IGNORE INTO delivered VALUES (?, ?, ?, NULL)",
          arguments: [run.run, Delivery.packed(deliveries), RunMark(chain: link[1]).bits])
      }
    }
    migrator.registerMigration("6 the rules each run was judged by") { database in
      // Runs of before had none of their own: they were judged by the first.
      try database.execute(sql: "ALTER TABLE runs ADD COLUMN rules INTEGER NOT NULL DEFAULT 1")
    }
    migrator.registerMigration("7 what people decide about nights and files") { database in
      try database.execute(sql: nightDecisions)
    }
    migrator.registerMigration("8 what decisions were made about") { database in
      // Versions of before have none: nothing is known to have changed of them.
      try database.execute(
        sql: """
          ALTER TABLE figures ADD COLUMN evidence TEXT;
          DROP TRIGGER IF EXISTS anomalies_figures;
          CREATE TRIGGER anomalies_figures AFTER INSERT ON anomalies
          WHEN NOT EXISTS (SELECT 1 FROM figures WHERE id = new.id AND run = new.run) BEGIN
            INSERT INTO figures (id, run, severity, fen) VALUES (new.id, new.run,
              json_extract(CAST(new.body AS TEXT), '$.severity'),
              json_extract(CAST(new.body AS TEXT), '$.amountFen'));
          END;
          """)
    }
    return migrator
  }

  private static let nights = """
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT, day INTEGER NOT NULL, verdict TEXT NOT NULL,
      configuration TEXT NOT NULL, program TEXT NOT NULL, keys TEXT NOT NULL,
      folder TEXT NOT NULL, reports BLOB NOT NULL, results TEXT NOT NULL);
    CREATE INDEX runs_day ON runs (day, id);
    CREATE VIEW effective AS SELECT max(id) AS id, day FROM runs GROUP BY day;
    CREATE TABLE statements (
      run INTEGER NOT NULL, ordinal INTEGER NOT NULL, sha256 TEXT NOT NULL,
      covers BOOLEAN NOT NULL, body BLOB NOT NULL,
      PRIMARY KEY (run, ordinal)) WITHOUT ROWID;
    CREATE TABLE anomalies (
      run INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
      body BLOB NOT NULL, PRIMARY KEY (id, run)) WITHOUT ROWID;
    CREATE INDEX anomalies_run ON anomalies (run);
    CREATE TABLE places (
      place TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (place, id)) WITHOUT ROWID;
    CREATE TABLE pending (
      run INTEGER NOT NULL, place INTEGER NOT NULL, body BLOB NOT NULL,
      PRIMARY KEY (run, place)) WITHOUT ROWID;
    CREATE TABLE decisions (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, anomaly TEXT NOT NULL, body BLOB NOT NULL);
    CREATE INDEX decisions_anomaly ON decisions (anomaly);
    CREATE TABLE chain (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body BLOB NOT NULL,
      hash TEXT NOT NULL);
    """

  /// Columns read out of the bodies and the indexes over them, so that a night late in the year
  /// decodes what is still open and not everything that ever was.
  private static let standing = """
    ALTER TABLE decisions ADD COLUMN outcome TEXT
      GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.outcome')) VIRTUAL;
    ALTER TABLE decisions ADD COLUMN time INTEGER
      GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.time.seconds')) VIRTUAL;
    CREATE INDEX decisions_standing ON decisions (anomaly, seq, time, outcome);
    CREATE INDEX anomalies_standing ON anomalies (run, status);
    ALTER TABLE statements ADD COLUMN side TEXT
      GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.side')) VIRTUAL;
    ALTER TABLE statements ADD COLUMN channel INTEGER
      GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.channel')) VIRTUAL;
    ALTER TABLE statements ADD COLUMN first INTEGER
      GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.from.number')) VIRTUAL;
    ALTER TABLE statements ADD COLUMN last INTEGER
      GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.to.number')) VIRTUAL;
    ALTER TABLE statements ADD COLUMN held BOOLEAN
      GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.isHeld')) VIRTUAL;
    CREATE INDEX statements_standing ON statements (run, covers, side, channel, first, last);
    """

  /// What a calendar shows of an anomaly, taken out of its body as it is recorded: the bodies of a year
  /// are not read for it.
  private static let figures = """
    CREATE TABLE figures (
      id TEXT NOT NULL, run INTEGER NOT NULL, severity TEXT NOT NULL, fen INTEGER NOT NULL,
      PRIMARY KEY (id, run)) WITHOUT ROWID;
    INSERT INTO figures SELECT id, run,
      json_extract(CAST(body AS TEXT), '$.severity'), json_extract(CAST(body AS TEXT), '$.amountFen')
      FROM anomalies;
    CREATE TRIGGER anomalies_figures AFTER INSERT ON anomalies BEGIN
      INSERT INTO figures VALUES (new.id, new.run,
        json_extract(CAST(new.body AS TEXT), '$.severity'),
        json_extract(CAST(new.body AS TEXT), '$.amountFen'));
    END;
    """

  /// Decisions about nights and files; `run` is the last run before each, so that nights older than a decision
  /// about them are known.
  private static let nightDecisions = """
    CREATE TABLE night_decisions (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE INDEX chain_runs ON chain (json_extract(CAST(body AS TEXT), '$.run')) WHERE kind = 'run';
    CREATE TRIGGER night_decisions_UPDATE BEFORE UPDATE ON night_decisions
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
    CREATE TRIGGER night_decisions_DELETE BEFORE DELETE ON night_decisions
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
    """

  /// What coverage needs of a run's statements (``Delivery``), the run's ``RunMark``, and the name of
  /// its index where it has not the usual one.
  private static let delivered = """
    CREATE TABLE delivered (
      run INTEGER PRIMARY KEY, statements BLOB NOT NULL, mark INTEGER NOT NULL, keys TEXT);
    CREATE TRIGGER delivered_UPDATE BEFORE UPDATE ON delivered
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
    CREATE TRIGGER delivered_DELETE BEFORE DELETE ON delivered
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
    """
}
