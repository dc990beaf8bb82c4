using System.Diagnostics;
using Imputation.Data;

namespace Imputation;

/// <summary>What a column's cells mean, as far as it is known.</summary>
/// <param name="Name">The column's name.</param>
public sealed record CodebookField(string Name)
{
    /// <summary>The question, or a longer name; empty where there is none.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is measured; null where it is not said.</summary>
    public Measure? Measure { get; init; }

    /// <summary>The levels; null of a field that is not categorical.</summary>
    public Categories? Categories { get; init; }

    /// <summary>Values that mean missing, besides empty cells and the usual marks.</summary>
    public IReadOnlyList<MissingCode> Missing { get; init; } = [];

    /// <summary>Smallest and largest value that can occur; unbounded where not said.</summary>
    public Bounds Bounds { get; init; } = Bounds.None;

    /// <summary>The rule under which the question was asked, its universe; null where everybody was asked.</summary>
    public SurveyRule? Universe { get; init; }

    /// <summary>How its value follows from other columns; null where it does not.</summary>
    public SurveyRule? Derived { get; init; }

    /// <summary>Why <see cref="Derived"/> is proposed: the evidence in the data; empty where a person declared it.</summary>
    public string DerivedEvidence { get; init; } = "";

    /// <summary>Why this is proposed: the evidence in the data; empty of a codebook that a person wrote.</summary>
    public string Evidence { get; init; } = "";
}

/// <summary>A value that means missing.</summary>
/// <param name="Value">As it stands in the file, such as <c>-99</c>.</param>
/// <param name="Label">What it means; null where not said.</param>
/// <param name="Reason">Whether there is a value that was not recorded, or none.</param>
public sealed record MissingCode(string Value, string? Label = null, MissingReason Reason = MissingReason.Nonresponse);

/// <summary>An edit: a rule that every row should satisfy.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Rule">Such as <c>income - taxes == net</c>.</param>
public sealed record CodebookEdit(string Name, SurveyRule Rule);

/// <summary>What the columns of a table mean: one field for each column that is described. Immutable.</summary>
/// <remarks>The file format is Frictionless Table Schema v2, with one property of our own, <c>imputation</c>: see
/// <c>CodebookFile</c> in Imputation.Files.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Codebook
{
    private readonly Dictionary<string, CodebookField> _byName = new(StringComparer.Ordinal);

    /// <param name="fields">One for each column described, no name twice.</param>
    /// <param name="edits">Rules that every row should satisfy.</param>
    /// <exception cref="ArgumentException">A name that occurs twice.</exception>
    public Codebook(IEnumerable<CodebookField> fields, IEnumerable<CodebookEdit>? edits = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = [.. fields];
        Edits = [.. edits ?? []];
        foreach (CodebookField field in Fields)
            if (!_byName.TryAdd(field.Name, field))
                throw new ArgumentException($"The codebook has two fields '{field.Name}'.", nameof(fields));
    }

    /// <summary>Other fields in place of a codebook's, with all else as there.</summary>
    private Codebook(IEnumerable<CodebookField> fields, Codebook like) : this(fields, like.Edits) =>
        (Findings, GroupMeans) = (like.Findings, like.GroupMeans);

    /// <summary>The fields, in their order.</summary>
    public IReadOnlyList<CodebookField> Fields { get; }

    /// <summary>Rules that every row should satisfy.</summary>
    public IReadOnlyList<CodebookEdit> Edits { get; }

    /// <summary>What was noticed when it was read, such as parts of another format that could not be translated; default none. They are
    /// reported where a table is read by the codebook, and are not written.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The effects of groups in the model that was fitted under the codebook.</summary>
    internal IReadOnlyList<GroupMean> GroupMeans { get; init; } = [];

    /// <summary>The field of that name (exact, case-sensitive), or null.</summary>
    public CodebookField? this[string name] => _byName.GetValueOrDefault(name);

    /// <summary>The same as a person's word: what was proposed with evidence is now stated.</summary>
    internal Codebook Confirmed() => Fields.All(f => f.Evidence.Length == 0 && f.DerivedEvidence.Length == 0) ? this
        : new Codebook(Fields.Select(f => f with { Evidence = "", DerivedEvidence = "" }), this);

    /// <summary>The same where its findings have been reported.</summary>
    internal Codebook WithoutFindings() => Findings.Count == 0 ? this : new Codebook(Fields, this) { Findings = [] };

    /// <summary>The same with effects of groups.</summary>
    internal Codebook With(IReadOnlyList<GroupMean> effects) => new(Fields, this) { GroupMeans = effects };

    /// <summary>A codebook that says nothing.</summary>
    internal static Codebook Empty { get; } = new([]);

    /// <summary>The field of that name, or one that says nothing.</summary>
    internal CodebookField FieldOf(string name) => this[name] ?? new CodebookField(name);

    /// <summary>The same with fields in place of those of their names; those that are new come behind.</summary>
    internal Codebook With(IEnumerable<CodebookField> fields)
    {
        Dictionary<string, CodebookField> changed = fields.ToDictionary(f => f.Name);
        if (changed.Count == 0) return this;
        CodebookField[] known = [.. Fields.Select(f => changed.Remove(f.Name, out CodebookField? field) ? field : f)];
        return new Codebook([.. known, .. changed.Values], this);
    }

    /// <summary>The same where the column of that name, and no other, is the weight of rows.</summary>
    internal Codebook WithWeight(string name) => With([.. Fields.Where(f => f.Measure == Measure.Weight && f.Name != name)
        .Select(f => f with { Measure = Measure.PassThrough }), FieldOf(name) with { Measure = Measure.Weight }]);

    /// <summary>The codebook in one line.</summary>
    public override string ToString() => $"{Fields.Count} fields, {Fields.Count(f => f.Universe is not null)} with a universe, "
        + $"{Edits.Count} edits";
}
