using Imputation.Text;

namespace Imputation.Files.Csv;

/// <summary>A column with cells that are not plain numbers, in words.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Odd">These cells.</param>
/// <param name="Style">How numbers among them are written; null where they do not count as numbers.</param>
/// <param name="Numbers">Number of cells that are numbers.</param>
/// <param name="Observed">Number of observed cells.</param>
/// <param name="Dialect">How the file is written.</param>
internal sealed record CsvColumnProblem(string Column, CsvOddCells Odd, CsvNumberStyle? Style, int Numbers, int Observed,
    CsvDialect Dialect)
{
    /// <summary>Whether the texts are lists of answers, as of questions with several ones: 1,4.</summary>
    public bool HoldsLists => Odd.ListCount > 0 && Odd.ListCount == Odd.Texts.Count && Odd.Styled.Count == 0 && Odd.ListSeparator != 0
        && (Odd.ListSeparator != ',' || Dialect.Delimiter == ',' || Odd.HasLongList || Odd.ListCount >= 5);

    /// <summary>Whether most cells are numbers if the comma is the decimal mark.</summary>
    public bool MayHaveDecimalCommas => Odd.DecimalCommaCount > 0
        && 2 * (Numbers + Odd.DecimalCommaCount
        + (Style is null && Odd.HasDecimalComma && !Odd.IsCertain ? Odd.Styled.Count : 0)) > Observed;

    /// <summary>The cells that are not numbers.</summary>
    public NonNumericCells Cells => Odd.Texts.Count > 0 ? Odd.Texts : Style is null && Odd.Styled.Count > 0 ? Odd.Styled : Odd.Infinities;

    /// <summary>Row of the first, from 1.</summary>
    public int Row => Cells.FirstRow;

    private string First => Cells.Show(Dialect.Text)[0];

    private string Where => $"Column '{Column}', row {Row}: '{First}'";

    /// <summary>The texts that may be marks for missing, all of them; none where there are too many or other texts for that.</summary>
    public IReadOnlyList<string> Marks => MayHaveDecimalCommas || (Style is null && Odd.GroupedCount > 0) || Bracketed is not null ? []
        : Cells.Marks(Dialect.Text);

    /// <summary>A number in brackets among the cells, which accountants write for one below 0; null where there is none.</summary>
    private string? Bracketed => Cells.Marks(Dialect.Text).FirstOrDefault(text => text is ['(', .. var number, ')']
        && CsvNumber.TryParse(number.TrimStart('$', ' ').Replace(",", "", StringComparison.Ordinal), false, out double value) && value > 0);

    /// <summary>The column and its cells in short, for a list of several columns.</summary>
    public string Short => $"'{Column}', row {Row}: {TextFormat.List([.. Cells.Show(Dialect.Text).Select(cell => $"'{cell}'")], most: 5)} "
        + $"({TextFormat.Count(Cells.Count)} of {TextFormat.Count(Observed)})";

    /// <summary>Why the column is refused, and what to do.</summary>
    public string Message
    {
        get
        {
            if (MayHaveDecimalCommas)
                return $"{Where} is not a number with a decimal point, and {TextFormat.Count(Odd.DecimalCommaCount)} of the column's "
                    + $"{TextFormat.Count(Observed)} observed cells look like numbers with a comma. If the comma is the decimal mark, use "
                    + $"--decimal-comma.{(Odd.HasDecimalComma ? ""
                    : $" If it separates answers (several chosen), leave the column out: {Exclude}.")}";
            if (Style is null && Odd.GroupedCount > 0 && Odd.Texts.Count == 0)
                return $"{Where} has a thousands separator, but not all numbers of the column from 1000 on have it, or the same. If it "
                    + $"separates thousands, use --thousands {TextFormat.Shell(Odd.Style!.Group)}"
                    + $"{(Odd.Style.Group == "," && Dialect.Delimiter != ',' ? "; if it is the decimal mark, --decimal-comma" : "")}.";
            string such = $"Correct {(Cells.Count == 1 ? "the cell" : $"the {TextFormat.Count(Cells.Count)} such cells")}";
            if (Cells == Odd.Infinities)
                return $"{Where} is infinite or beyond the largest double, 1.8e308, and not a measurement; expected a finite number or a "
                    + $"mark for missing. {such}{Declared}.";
            string commas = Dialect.DecimalComma && CsvNumber.TryParse(First, false, out _)
                ? " It has a decimal point, but a decimal comma was specified." : "";
            string line = Row == 1 && Cells.Count == 1 ? SecondHeaderLine : "";
            if (Bracketed is { } negative)
                return $"{Where} is not a number, though {TextFormat.Count(Numbers)} of the column's {TextFormat.Count(Observed)} observed "
                    + $"cells are. If brackets mean an amount below 0, write '{negative}' as -{negative[1..^1]}; otherwise leave the "
                    + $"column out: {Exclude}.";
            return $"{Where} is not a number, though {TextFormat.Count(Numbers)} of the column's {TextFormat.Count(Observed)} observed "
                + $"cells are.{commas} {such}{Declared}.{line} If the column mixes numbers and text on purpose, leave it out: {Exclude}.";
        }
    }

    private const string SecondHeaderLine = " If the line is a second header line, such as units or question texts: --header-lines 2.";

    private string Exclude => $"--exclude {TextFormat.Shell(TextFormat.OptionItem(Column))}";

    private string Declared => Marks.Count == 0 ? "" : $", or, if {(Marks.Count == 1 ? "it is a mark" : "they are marks")} "
        + $"for missing, declare {(Marks.Count == 1 ? "it" : "them")}: {MissingIn}; for all columns: --missing "
        + TextFormat.Shell(TextFormat.OptionList(Marks));

    /// <summary>The option that declares the column's marks.</summary>
    public string MissingIn => $"--missing-in {TextFormat.Shell($"{TextFormat.OptionItem(Column)}={TextFormat.OptionList(Marks)}")}";

    /// <summary>One exception for all columns that are refused.</summary>
    /// <param name="problems">At least one.</param>
    /// <param name="others">Whether a text is an ordinary value of a column of text.</param>
    public static ImputationDataException Refusal(IReadOnlyList<CsvColumnProblem> problems, Func<string, bool> others)
    {
        CsvColumnProblem first = problems[0];
        if (problems.Count == 1) return new ImputationDataException(first.Message, first.Column, first.Row);
        CsvColumnProblem[] alone = [.. problems.Where(p => p.Marks.Count == 0)], marked = [.. problems.Where(p => p.Marks.Count > 0)];
        if (alone.Length > 0 && marked.Length == 0)
            return new ImputationDataException($"{first.Message} The same is true of "
                + $"{TextFormat.Names(problems.Skip(1).Select(p => p.Column))}.", first.Column, first.Row);
        string[] marks = [.. marked.SelectMany(p => p.Marks).Distinct(StringComparer.OrdinalIgnoreCase)];
        string all = marks.Any(others) ? "" : $"all at once: --missing {TextFormat.Shell(TextFormat.OptionList(marks))}; or by column: ";
        string message = $"{TextFormat.Count(marked.Length, "column has", "columns have")} cells that are not "
            + $"{(marked.Any(p => p.Cells == p.Odd.Infinities) ? "finite " : "")}numbers, though most are: "
            + $"{TextFormat.List([.. marked.Select(p => p.Short)], 40).Replace("), '", "); '")}. "
            + $"If they are marks for missing, declare them, {all}{string.Join(' ', marked.Select(p => p.MissingIn))}. "
            + "Otherwise correct the cells, or leave the columns out: --exclude "
            + $"{TextFormat.Shell(TextFormat.OptionList(marked.Select(p => p.Column)))}.";
        if (marked.All(p => p.Row == 1 && p.Cells.Count == 1))
            message += SecondHeaderLine;
        return new ImputationDataException(string.Join(' ', alone.Select(p => p.Message).Append(message)), marked[0].Column, marked[0].Row);
    }

    /// <summary>How numbers with signs or separators were read.</summary>
    public Finding? StyleFinding(TableReadOptions options)
    {
        if (Style is not { } style || (style.Group.Length > 0 && style.Sign.Length == 0 && options.Thousands is not null)) return null;
        string cell = Odd.Styled.Show(Dialect.Text)[0];
        string value = TextFormat.Exact(Odd.FirstStyled);
        if (style.Sign.Length > 0)
            return new Finding(FindingSeverity.Note, "numbers-with-signs",
                $"'{Column}' has numbers with the sign {style.Sign}: '{cell}' is read as {value}, and filled cells are written with it.",
                [Column]);
        bool doubtful = !Odd.IsCertain && Dialect.Delimiter != style.Group[0];
        return new Finding(doubtful ? FindingSeverity.Warning : FindingSeverity.Note, "thousands-separators",
            $"'{Column}' has numbers with thousands separators: '{cell}' is read as {value}.", [Column],
            doubtful ? $"If '{style.Group}' separates thousands, say so: --thousands {TextFormat.Shell(style.Group)}"
                + (style.Group == "," ? "; if it is the decimal mark: --decimal-comma." : ".") : "");
    }

    /// <summary>Lists of answers are text.</summary>
    public Finding ListFinding() => new(FindingSeverity.Note, "lists-of-answers",
        $"'{Column}' has cells with several answers, such as '{First}': taken as text, not as numbers.", [Column],
        Odd.ListSeparator == ',' && !Odd.HasLongList && Odd.ListCount < 5 ? "Only if the comma is the decimal mark: --decimal-comma." : "");

    /// <summary>Numbers with and without a sign, or with different ones, are text.</summary>
    /// <param name="plain">Number of cells without.</param>
    public Finding SignFinding(int plain) => new(FindingSeverity.Warning, "mixed-signs",
        $"'{Column}' has numbers with signs such as '{Odd.Styled.Show(Dialect.Text)[0]}'"
            + (Odd.StylesDiffer ? " and numbers with others"
            : plain > 0 ? $" and {TextFormat.Count(plain, "number")} without" : " and other texts")
            + ": taken as text.", [Column], "To have them read as numbers, write all cells of the column in one way.");
}
