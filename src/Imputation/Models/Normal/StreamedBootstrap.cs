using Imputation.Models.Gaussian;
using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Models.Normal;

/// <summary>Parameters estimated by EM from resamples of rows that come in batches: the resamples of <see cref="BootstrapDraws"/>, row by
/// row.</summary>
/// <remarks>How often each row counts is kept as a byte, so that memory is needed for as many bytes as there are rows.</remarks>
internal sealed class StreamedBootstrap(IRowSource rows, NormalFit fit, StreamOptions stream, RunOptions run)
{
    private long[]? _given; // rows with something observed, where there are others
    private long _rowCount = -1;

    /// <summary>The model of an imputation.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">The resample does not determine the parameters.</exception>
    public NormalFit Draw(int index, CancellationToken cancellation)
    {
        if (_rowCount < 0) Count(cancellation);
        byte[] counts = Resample(Resampling.Seed(run.Seed, index), cancellation);
        using var data = new StreamedRows(fit.Columns, _rowCount, () => _rowCount, stream, run.Threads);
        long first = 0;
        foreach (IncompleteMatrix batch in Batches(cancellation))
        {
            var taken = new List<int>(batch.RowCount);
            for (int i = 0; i < batch.RowCount; i++)
                for (int k = counts[first + i]; k > 0; k--) taken.Add(i);
            if (taken.Count > 0) data.Add(batch.Rows([.. taken]));
            first += batch.RowCount;
        }
        GaussianData resample = data.Finish();
        GaussianParameters? start = resample.Standardised(fit.Moments.Mean, fit.Moments.Covariance);
        EmOptions options = Resampling.Options(fit.Report, (int)Math.Min(int.MaxValue, _given?.LongLength ?? _rowCount), least: 0);
        EmFit<GaussianParameters> refit = EmDriver.Fit(new NormalEm(resample, ScaledPrior.From(fit.Report.Prior, resample), run.Threads,
            start), options, new RunOptions { Threads = run.Threads }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (refit.Outcome == EmOutcome.Unbounded)
            throw new ImputationDataException($"The covariance of resample {index + 1} became singular; use a ridge prior (--prior "
                + "ridge:1).");
        GaussianParameters parameters = refit.Outcome == EmOutcome.Converged ? refit.Next : refit.Parameters;
        return fit.With(resample.MeanOf(parameters), resample.CovarianceOf(parameters));
    }

    /// <summary>How often each row is drawn, in as many draws as there are rows with something observed.</summary>
    private byte[] Resample(ulong seed, CancellationToken cancellation)
    {
        var counts = new byte[_rowCount];
        long n = _given?.LongLength ?? _rowCount;
        for (long i = 0; i < n; i++)
        {
            if ((i & 0xFFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            long drawn = (long)(CounterRandom.Uniform(seed, i, 0, 0) * n);
            counts[_given is null ? drawn : _given[drawn]]++;
        }
        return counts;
    }

    private void Count(CancellationToken cancellation)
    {
        var given = new List<long>();
        bool empty = fit.Report.Findings.Any(f => f.Code == "empty-rows");
        long count = empty ? 0 : rows.RowCount ?? 0;
        if (count == 0)
            foreach (IncompleteMatrix batch in Batches(cancellation))
            {
                for (int i = 0; empty && i < batch.RowCount; i++)
                    for (int j = 0; j < batch.ColumnCount; j++)
                        if (!double.IsNaN(batch[i, j]))
                        {
                            given.Add(count + i);
                            break;
                        }
                count += batch.RowCount;
            }
        _rowCount = count;
        _given = empty ? [.. given] : null;
    }

    private IEnumerable<IncompleteMatrix> Batches(CancellationToken cancellation) =>
        StreamedFit.Batches(rows, fit.Codebook, cancellation).Select(batch => StreamedFit.Matrix(batch, fit.Columns));
}
