namespace Imputation.Models.Stack;

/// <summary>The conditional distributions of a combination of models over the rows of a table.</summary>
internal sealed class StackConditional : IConditional
{
    private readonly StackPart[] _parts;

    public StackConditional(StackFit fit, ModelFrame frame)
    {
        var table = new Table(frame.Columns);
        Columns = frame.Columns;
        _parts = [.. fit.Parts.Select((part, m) => (part, m)).Where(p => frame.Columns.Any(c => p.part.IndexOf(c.Name) >= 0))
            .Select(p => new StackPart(p.part, ModelFrame.Of(p.part, table), frame.Columns, fit.Weights, p.m))];
    }

    /// <summary>The frame's columns.</summary>
    public Column[] Columns { get; }

    /// <inheritdoc/>
    public bool IsNormalByPattern => false;

    /// <inheritdoc/>
    public IRowConditional Workspace() => new StackRow(this, [.. _parts.Select(p => new StackRow.Part(p))]);

    /// <inheritdoc/>
    public ICellPredictor? Predictor()
    {
        var predictors = Array.ConvertAll(_parts, p => p.Conditional.Predictor());
        return predictors.Contains(null) ? null : new StackPredictor(_parts, predictors!);
    }

    /// <inheritdoc/>
    public bool TryMeans(MeansReceiver receive, ParallelOptions parallel) => false;
}

/// <summary>A model of a combination over the rows of a table.</summary>
internal sealed class StackPart
{
    public StackPart(FittedModel model, ModelFrame frame, Column[] columns, ColumnWeights weights, int index)
    {
        Conditional = model.Over(frame);
        Width = frame.Columns.Length;
        Places = Array.ConvertAll(columns, c => Array.FindIndex(frame.Columns, own => own.Name == c.Name));
        Weights = [.. columns.Select((c, j) => Places[j] < 0 ? 0 : weights.Of(c.Name)[index])];
    }

    /// <summary>Its conditional distributions.</summary>
    public IConditional Conditional { get; }

    /// <summary>Number of its columns.</summary>
    public int Width { get; }

    /// <summary>The place of each of the combination's columns among its own; −1 of one that it does not have.</summary>
    public int[] Places { get; }

    /// <summary>Its weight in each of the combination's columns.</summary>
    public double[] Weights { get; }

    /// <summary>Columns of the combination as its own, without those that it does not have.</summary>
    public int[] Own(ReadOnlySpan<int> columns)
    {
        var own = new List<int>(columns.Length);
        foreach (int j in columns)
            if (Places[j] >= 0) own.Add(Places[j]);
        return [.. own];
    }

    /// <summary>The cells of a row in its own order.</summary>
    public void Copy(ReadOnlySpan<double> cells, Span<double> own)
    {
        for (int j = 0; j < Places.Length; j++)
            if (Places[j] >= 0) own[Places[j]] = cells[j];
    }
}
