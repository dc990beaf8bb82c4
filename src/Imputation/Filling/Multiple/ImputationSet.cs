using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Imputation.Filling;
using Imputation.Filling.Multiple;
using Imputation.Models;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation;

/// <summary>m completed tables of one incomplete table, each made when it is asked for.</summary>
/// <remarks>
/// <para>An imputation is a function of the seed and its index: asking for it alone, again, or after others gives the same bits, on
/// any number of threads. No table is kept, only the parameters of each (for data augmentation, which makes all draws in one run,
/// those of all); a completed table shares the observed cells and adds the filled ones. <c>ToList()</c> keeps them all.</para>
/// <para>Do not average completed tables, nor put them under one another as if they were more data: analyse each, and pool the
/// estimates (Rubin 1987).</para></remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ImputationSet : IReadOnlyList<ImputationResult>
{
    /// <summary>Keys of the random streams of an imputation; 0 is that of its parameters.</summary>
    internal const int FillingKey = 1;

    private readonly SurveyReading _survey;
    private readonly IParameterDraws _source;
    private readonly MissingPatterns _patterns;
    private readonly DonorPool? _pool;
    private readonly ParameterDraw?[] _draws; // of the imputations made so far: small beside the tables

    internal ImputationSet(SurveyReading survey, MultipleOptions options, RunOptions run, FittedModel fit, MissingPatterns patterns,
        DonorPool? pool, IParameterDraws source)
    {
        _survey = survey;
        Table = survey.Table;
        Options = options;
        RunOptions = run;
        Fit = fit;
        _patterns = patterns;
        _pool = pool;
        _source = source;
        _draws = new ParameterDraw?[options.Count];
    }

    /// <summary>The table as it is, incomplete.</summary>
    public Table Table { get; }

    /// <summary>How it is imputed.</summary>
    public MultipleOptions Options { get; }

    /// <summary>The seed, the threads, and the receiver of the fit's progress reports.</summary>
    public RunOptions RunOptions { get; }

    /// <summary>The fit to all rows.</summary>
    public FittedModel Fit { get; }

    /// <summary>Number of imputations, m.</summary>
    public int Count => Options.Count;

    /// <summary>The imputation of that index (from 0), made now.</summary>
    /// <remarks>Its <see cref="ImputationResult.Fit"/> holds the parameters drawn for it, and no likelihood.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0, or not less than <see cref="Count"/>.</exception>
    /// <exception cref="ImputationDataException">A chain of data augmentation came to a covariance that is singular.</exception>
    public ImputationResult this[int index] => Make(index);

    /// <summary>Findings about the imputations made so far; the findings about the fit are in
    /// <see cref="FitReport.Findings"/>.</summary>
    public IReadOnlyList<Finding> Findings => [.. _pool?.Findings ?? [], .. Chains?.Findings ?? [], .. DrawFindings.Of(_draws)];

    /// <summary>The chains of data augmentation, their draws and their convergence diagnostics. Null of bootstrap EM, where no cell
    /// is missing, and before the first imputation is made: that is when they run.</summary>
    public DataAugmentationResult? Chains => _source.Chains;

    /// <summary>The imputation of that index (from 0), made now.</summary>
    /// <param name="index">Index of the imputation (from 0).</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0, or not less than <see cref="Count"/>.</exception>
    /// <exception cref="ImputationDataException">A chain of data augmentation came to a covariance that is singular.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ImputationResult Make(int index, CancellationToken cancellation = default) => Make(index, RunOptions.Threads, cancellation);

    /// <summary>Makes every imputation, several at a time, and keeps the result of a function for each.</summary>
    /// <typeparam name="T">What is kept.</typeparam>
    /// <param name="function">Given the index (from 0) and the imputation; called from several threads.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>m results, in the order of the imputations.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<T> Select<T>(Func<int, ImputationResult, T> function, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        var results = new T[Count];
        ForEach([.. Enumerable.Range(0, Count)], (k, done) => results[k] = function(k, done), cancellation);
        return results;
    }

    /// <summary>Makes some of the imputations, several at a time, and hands each to an action.</summary>
    /// <param name="indices">Indices of the imputations (from 0).</param>
    /// <param name="action">Given the index and the imputation; called from several threads, in any order.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index less than 0, or not less than <see cref="Count"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ForEach(IReadOnlyList<int> indices, Action<int, ImputationResult> action, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(action);
        if (indices.Count > 0) Prepare(cancellation);
        var parallel = ParallelWork.Options(AtOnce, cancellation);
        ParallelWork.For(indices.Count, parallel, i => action(indices[i], Make(indices[i], ThreadsEach, cancellation)));
    }

    /// <summary>Whether there are enough imputations, from the fractions of missing information of the columns' means; makes every
    /// imputation.</summary>
    /// <param name="variation">Coefficient of variation that a standard error may have if all were imputed again with other seeds; default
    /// 0.05.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The advice; null if it cannot be estimated: nothing missing, or fewer than two imputations.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ImputationCountAdvice? Advise(double variation = ImputationCountAdvice.DefaultVariation,
        CancellationToken cancellation = default)
    {
        var information = new InformationTally(this);
        ForEach([.. Enumerable.Range(0, Count)], information.Add, cancellation);
        return information.Advise(variation);
    }

    /// <summary>The imputations in their order; those after the one in hand are made meanwhile, one for each thread.</summary>
    public IEnumerator<ImputationResult> GetEnumerator() => InOrder(default).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The same, with a way to cancel.</summary>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="first">Index of the first imputation returned (from 0).</param>
    public IEnumerable<ImputationResult> InOrder(CancellationToken cancellation, int first = 0)
    {
        int ahead = AtOnce, threads = ThreadsEach;
        if (first < Count) Prepare(cancellation);
        if (ahead == 1)
        {
            for (int k = first; k < Count; k++) yield return Make(k, threads, cancellation);
            yield break;
        }
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tasks = new Queue<Task<ImputationResult>>();
        try
        {
            for (int k = first, next = first; k < Count; k++)
            {
                for (; next < Count && tasks.Count < ahead; next++)
                {
                    int index = next;
                    tasks.Enqueue(Task.Run(() => Make(index, threads, abandoned.Token), cancellation));
                }
                yield return tasks.Dequeue().GetAwaiter().GetResult();
            }
        }
        finally
        {
            abandoned.Cancel();
            foreach (Task task in tasks) ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }

    /// <summary>Runs the chains before several imputations are made at a time: they use all threads, and threads that wait for them
    /// would block others.</summary>
    private void Prepare(CancellationToken cancellation)
    {
        if (Fit.Report.MissingCellCount > 0) _source.Prepare(cancellation);
    }

    private int Threads => RunOptions.Threads == 0 ? Environment.ProcessorCount : RunOptions.Threads;

    private int AtOnce => Math.Min(Threads, Count);

    /// <summary>Threads for each imputation, where fewer are made than there are threads.</summary>
    private int ThreadsEach => Threads / AtOnce;

    private ImputationResult Make(int index, int threads, CancellationToken cancellation)
    {
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, string.Create(CultureInfo.InvariantCulture,
                $"There are {Count} imputations, counted from 0."));
        FillOptions filling = Options.Fill with
        {
            Method = Options.PredictiveMeanMatching ? FillMethod.PredictiveMeanMatching : FillMethod.Draw,
        };
        var run = new RunOptions { Seed = CounterRandom.Derive(RunOptions.Seed, index, FillingKey), Threads = threads };
        FittedModel fit = Fit;
        if (Fit.Report.MissingCellCount > 0)
        {
            fit = (_draws[index] ??= _source.Draw(index, threads, cancellation)).Model;
        }
        return Imputer.Impute(fit, _survey, filling, run, _patterns, _pool, cancellation);
    }

    /// <summary>The set in one line; nothing is made for it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} imputations of {Table.RowCount} rows, {Fit.Report.MissingCellCount} missing cells, {Options.Method}, "
        + $"seed {RunOptions.Seed}; {Fit}");
}
