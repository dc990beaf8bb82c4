using Imputation.Numerics.Threading;

namespace Imputation.Tests.Numerics;

/// <summary>Leaving a processor: for another one, for the moment only, and never to the thread's harm.</summary>
public class ProcessorTests
{
    [Fact]
    public void Leave_GoesToAnotherProcessor_AndTheThreadMayStillUseAll()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Equal(-1, Processor.Current); // not known elsewhere, and then nothing is done
            Processor.Leave(-1);
            return;
        }
        string allowed = Allowed();
        int left = 0;
        for (int i = 0; i < 100; i++)
        {
            int before = Processor.Current;
            Processor.Leave(before);
            if (Processor.Current != before) left++;
        }
        // The scheduler may bring it back at once, though it hardly ever does; one processor cannot be left.
        if (Environment.ProcessorCount > 1) Assert.InRange(left, 50, 100);
        Assert.Equal(allowed, Allowed());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(int.MaxValue)]
    public void Leave_OfAProcessorItDoesNotRunOn_DoesNothing(int processor)
    {
        string allowed = Allowed();
        Processor.Leave(processor);
        Assert.Equal(allowed, Allowed());
    }

    /// <summary>As the system itself tells it.</summary>
    private static string Allowed() =>
        OperatingSystem.IsLinux() ? File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)) : "";
}
