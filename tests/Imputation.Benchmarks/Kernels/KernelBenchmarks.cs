using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Imputation.Benchmarks.Kernels;

/// <summary>Runs the kernels' benchmarks: all of them, or as BenchmarkDotNet's own arguments say.</summary>
internal static class KernelBenchmarks
{
    /// <summary>In this process: nothing is generated and restored in the repository, where central package versions would be in the
    /// way.</summary>
    public static void Run(string[] arguments) =>
        BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(
            arguments.Length > 0 ? arguments : ["--filter", "*"],
            DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "imputation-kernels")));

    /// <summary>Numbers between −1 and 1, the same in every run.</summary>
    internal static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }
}
