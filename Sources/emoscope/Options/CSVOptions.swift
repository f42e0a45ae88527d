import ArgumentParser
import EmotionFiles

/// How comma-separated values are written.
struct CSVOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "rfc4180: commas and a decimal point. excel-eu: semicolons, a decimal comma and a byte order mark, for "
                + "spreadsheets where the decimal mark is a comma. Logs and manifests are read in both.",
            valueName: "rfc4180|excel-eu"))
    var csvDialect = CSVDialect.rfc4180
}

extension CSVDialect: ExpressibleByArgument {}
