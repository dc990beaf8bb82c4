using Imputation.Data;
using Imputation.Surveys;
using Imputation.Surveys.Codes;
using Imputation.Surveys.Derived;
using Imputation.Surveys.Roles;

namespace Imputation;

/// <summary>A table as its authors meant it: codes of missing cells, levels, roles of columns and questions that were not asked, from a
/// codebook and from the data themselves. Immutable.</summary>
/// <remarks>What a codebook declares is applied; of what only the data suggest, no cell is changed: it is reported, and cells that were not
/// asked are left empty.</remarks>
public sealed class SurveyReading
{
    private SurveyReading(Table table, Codebook? codebook, IReadOnlyList<SkipRule> skipRules, IReadOnlyList<DerivedColumn> derived,
        IReadOnlyList<CodeFinder.Suspect> suspects, IReadOnlyList<Finding> findings)
    {
        DerivedColumns = derived;
        Table = table;
        Codebook = codebook;
        SkipRules = skipRules;
        Suspects = suspects;
        Findings = findings;
    }

    /// <summary>Reads a table.</summary>
    /// <param name="table">The table; it is not changed.</param>
    /// <param name="codebook">What is known of its columns; may describe some of them, or others too; by default what the file
    /// itself says, as SPSS files do. A proposed codebook that is given counts as confirmed.</param>
    /// <exception cref="ImputationDataException">A rule of the codebook cannot be evaluated, such as one that does arithmetic on
    /// text.</exception>
    public static SurveyReading Of(Table table, Codebook? codebook = null) => Of(table, codebook?.Confirmed(), ColumnSelection.Default);

    /// <summary>The same where only some columns are used: the others are no measurements, and are not looked at.</summary>
    /// <param name="table">The table.</param>
    /// <param name="codebook">What is known of its columns.</param>
    /// <param name="used">The columns that are used.</param>
    /// <param name="findsDerived">Whether derived columns are looked for; if not, there are those of the codebook: a model that is applied
    /// to new rows fills each of them by itself.</param>
    /// <param name="groupEffects">Whether effects of groups are looked for; those that a model was fitted with are in its
    /// codebook.</param>
    internal static SurveyReading Of(Table table, Codebook? codebook, ColumnSelection used, bool findsDerived = true,
        bool groupEffects = true)
    {
        ArgumentNullException.ThrowIfNull(table);
        codebook ??= table.Source?.Codebook;
        var findings = new List<Finding>(codebook?.Findings ?? []);
        if (codebook is not null) table = CodebookApplication.Apply(table, codebook, findings);
        IReadOnlyList<CodeFinder.Suspect> suspects = CodeFinder.Find([.. table.Columns.Where(column => used.Uses(column.Name)
            && !table.Roles.ContainsKey(column.Name) && codebook?[column.Name] is not { Missing.Count: > 0 })]);
        findings.AddRange(CodeFinder.Findings(suspects));
        table = AutomaticCategories.Apply(table, codebook, findings);
        (table, IReadOnlyList<RowGroups> groups) = RoleFinder.Apply(table, codebook, used, findings);
        IReadOnlyList<SkipRule> declared = Universes.Declared(table, codebook, findings);
        IReadOnlyList<SkipRule> found = GateFinder.Find(table, name => used.Uses(name) && !declared.Any(r => r.Column == name));
        IReadOnlyList<SkipRule> rules = Universes.Ordered([.. declared, .. found]);
        table = Universes.Mark(table, rules, findings);
        IReadOnlyList<DerivedColumn> known = DerivedRules.Checked(table, DerivedRules.Declared(table, codebook, findings), findings);
        Table read = table;
        IReadOnlyList<DerivedColumn> relations = !findsDerived ? []
            : DerivedFinder.Find(table, name => used.Uses(name) && !read.Roles.ContainsKey(name), known);
        IReadOnlyList<DerivedColumn> derived = DerivedRules.Ordered([.. known, .. relations]);
        findings.AddRange(derived.Where(d => !d.IsDeclared).Select(d => new Finding(FindingSeverity.Note, "derived-column", d.Evidence,
            [d.Column, .. d.Rule.Columns])));
        IReadOnlyList<GroupMean> effects = !findsDerived ? codebook?.GroupMeans ?? [] : !groupEffects ? []
            : GroupMeans.Find(table, groups, column => used.Uses(column.Name) && !derived.Any(d => d.Column == column.Name));
        if (findsDerived && GroupMeans.Finding(effects) is { } said) findings.Add(said);
        table = GroupMean.Beside(table, effects);
        return new SurveyReading(table, Completed(codebook, found, relations, effects), rules, derived, suspects, findings)
        {
            Groups = groups,
        };
    }

    /// <summary>The codebook with what was found; null where there is nothing to say.</summary>
    private static Codebook? Completed(Codebook? codebook, IReadOnlyList<SkipRule> rules, IReadOnlyList<DerivedColumn> derived,
        IReadOnlyList<GroupMean> effects)
    {
        if (rules.Count == 0 && derived.Count == 0 && effects.Count == 0) return codebook;
        codebook ??= Codebook.Empty;
        if (effects.Count > 0)
            codebook = codebook.With(effects).With(effects.Select(e => e.Key).Distinct()
                .Select(key => codebook.FieldOf(key) with { Measure = Measure.Group }));
        codebook = codebook.With(rules.Select(r => codebook.FieldOf(r.Column) with { Universe = r.Universe, Evidence = r.Evidence }));
        return codebook.With(derived.Select(d => codebook.FieldOf(d.Column) with { Derived = d.Rule, DerivedEvidence = d.Evidence }));
    }

    /// <summary>The table with declared codes as missing cells, with levels, and with the reason of every cell that was not
    /// asked.</summary>
    public Table Table { get; }

    /// <summary>The codebook that was given, completed by what was found; null where there is nothing to say.</summary>
    public Codebook? Codebook { get; }

    /// <summary>The questions that were asked of some rows only; a question comes after those that its rule depends on.</summary>
    public IReadOnlyList<SkipRule> SkipRules { get; }

    /// <summary>The columns that follow from others in the same row, from a codebook and from the data; a column comes after those that it
    /// follows from. Where a cell of them is missing it is recomputed, not predicted.</summary>
    public IReadOnlyList<DerivedColumn> DerivedColumns { get; }

    /// <summary>Rows that belong together by a key.</summary>
    internal IReadOnlyList<RowGroups> Groups { get; private init; } = [];

    /// <summary>Columns with values that look like codes for missing.</summary>
    internal IReadOnlyList<CodeFinder.Suspect> Suspects { get; }

    /// <summary>Findings for the user.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
