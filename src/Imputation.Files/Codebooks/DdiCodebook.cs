using System.Text.RegularExpressions;
using System.Xml;
using Imputation.Text;

namespace Imputation.Files.Codebooks;

/// <summary>DDI codebooks (Data Documentation Initiative, versions 1 and 2) as codebooks: a field for each variable.</summary>
internal sealed partial class DdiCodebook
{
    /// <summary>Longest file, in characters.</summary>
    private const long MostCharacters = 1L << 28;

    /// <summary>Most texts that are repeated in a finding.</summary>
    private const int MostTexts = 6;

    private readonly string _name;
    private readonly List<DdiVariable> _variables = [];
    private readonly Dictionary<string, DdiVariable> _byName = new(StringComparer.Ordinal);
    private readonly List<(string Name, string First, string Other)> _again = [];

    private DdiCodebook(string name) => _name = name;

    /// <summary>Reads a codebook.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ImputationDataException">No DDI codebook, or a broken one; the message names the line.</exception>
    public static Codebook Read(Stream stream, string name)
    {
        // A document type, which version 1 has, is passed over: nothing is fetched, and no entity of it is known.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            MaxCharactersInDocument = MostCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(stream, settings);
            return new DdiCodebook(name).Read(reader);
        }
        catch (XmlException exception)
        {
            throw new ImputationDataException($"{name}, line {exception.LineNumber}: not valid XML, so no codebook: {exception.Message}",
                inner: exception);
        }
    }

    private Codebook Read(XmlReader reader)
    {
        reader.MoveToContent();
        if (reader.LocalName != "codeBook")
            throw new ImputationDataException($"{_name}: the root of this XML file is {reader.LocalName}, expected codeBook. "
                + (reader.LocalName is "DDIInstance" or "FragmentInstance" ? "This is DDI Lifecycle; export the study as DDI Codebook 2.5. "
                    : "") + CodebookFormats.Accepted);
        bool inData = false;
        bool more = reader.Read();
        while (more)
        {
            if (reader.LocalName == "dataDscr") inData = reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement;
            if (inData && reader is { NodeType: XmlNodeType.Element, LocalName: "var" })
                Add(DdiVariable.Read(DdiElement.Read(reader), _name));
            more = reader.Read();
        }
        if (_variables.Count == 0)
            throw new ImputationDataException($"{_name}: this DDI codebook describes no variables; expected var elements within dataDscr.");
        return new Codebook(_variables.Select(v => v.Field)) { Findings = Account() };
    }

    private void Add(DdiVariable variable)
    {
        if (_byName.TryAdd(variable.Name, variable)) _variables.Add(variable);
        else _again.Add((variable.Name, _byName[variable.Name].Files, variable.Files));
    }

    private IReadOnlyList<Finding> Account()
    {
        var account = new TranslationAccount();
        account.Note("codebook-translated", $"{_name} is a DDI codebook: {TextFormat.Count(_variables.Count, "variable")}, "
            + $"{TextFormat.Count(_variables.Count(v => v.Field.Categories is not null))} with categories and "
            + $"{TextFormat.Count(_variables.Count(v => v.Field.Missing.Count > 0))} with missing codes.", []);
        foreach (DdiVariable variable in _variables)
        {
            if (variable.Universe.Length > 0 && !Everybody().IsMatch(variable.Universe))
                account.Untranslated(variable.Name, variable.Universe, "the codebook says it in words", variable.Field is
                { Measure: not Measure.Weight } && !variable.Field.Missing.Any(m => m.Reason == MissingReason.NotAsked));
        }
        DdiVariable[] ranges = [.. _variables.Where(v => v.OtherRanges.Count > 0)];
        if (ranges.Length > 0)
            account.Warn("codebook-missing-ranges", "Ranges of missing codes that cannot be written as codes are read as values: "
                + TextFormat.List(ranges, 12, v => $"{string.Join(", ", v.OtherRanges)} of '{v.Name}'") + ".", Names(ranges),
                "Declare the codes that occur as missingValues " + TranslationAccount.There);
        if (_again.Count > 0)
            account.Warn("codebook-same-name", "Variables with the name of an earlier one, of which the earlier one is taken: "
                + TextFormat.List(_again, 12, a => $"'{a.Name}'{(a.Other.Length > 0 ? $" of file {a.Other} after that of {a.First}" : "")}",
                    ", ") + ".", [.. _again.Select(a => a.Name).Distinct()], "Give the codebook of the file that is filled.");
        string[] guessed = [.. _variables.SelectMany(v => v.GuessedNotAsked)];
        if (guessed.Length > 0)
            account.Note("codebook-not-asked-codes", "Missing codes that by their labels mean that the question was not asked; their cells "
                + $"stay empty: {TextFormat.List(guessed, 12, g => g, ", ")}.", Names(_variables.Where(v => v.GuessedNotAsked.Any())),
                "If one means something else, declare it as nonresponse " + TranslationAccount.There);
        string[] suspicious = [.. _variables.SelectMany(v => v.Suspicious)];
        if (suspicious.Length > 0)
            account.Note("codebook-possible-missing-codes", "Categories that may mean that there is no answer, and are read as answers: "
                + $"{TextFormat.List(suspicious, 12, s => s, ", ")}.", Names(_variables.Where(v => v.Suspicious.Any())),
                "Declare those that do as missingValues " + TranslationAccount.There);
        Texts(account, "codebook-coding-not-used", "Instructions for coding", v => v.Field.Missing.Count == 0 ? v.Coding : "");
        Texts(account, "codebook-skips-not-used", "Skips after", v => v.Skips);
        Texts(account, "codebook-derivations-not-used", "Derivations of", v => v.Derivation);
        string[] gaps = Names(_variables.Where(v => v.HasGaps && v.Field.Bounds.Any));
        if (gaps.Length > 0)
            account.Note("codebook-gaps-not-used", $"The valid values of {TextFormat.Names(gaps)} are several ranges or values; only the "
                + "smallest and the largest are used.", gaps);
        return account.Findings;
    }

    private void Texts(TranslationAccount account, string code, string what, Func<DdiVariable, string> text)
    {
        DdiVariable[] some = [.. _variables.Where(v => text(v).Length > 0)];
        if (some.Length > 0)
            account.Note(code, $"{what} {TextFormat.Names(some.Select(v => v.Name))} are words, and are not used: "
                + $"{TextFormat.List(some, MostTexts, v => $"'{v.Name}': {TextFormat.Cut(text(v), 200)}")}.", Names(some));
    }

    private static string[] Names(IEnumerable<DdiVariable> variables) => [.. variables.Select(v => v.Name)];

    /// <summary>Universes that leave nobody out.</summary>
    [GeneratedRegex(@"^\W*(all|everyone|everybody|(the )?total population|all (the )?"
        + @"(respondents?|persons?|people|participants?|households?|individuals?|cases|records|units|interviewees|sample members))\W*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Everybody();
}
