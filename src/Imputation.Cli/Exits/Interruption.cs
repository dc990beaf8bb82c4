using System.Runtime.InteropServices;

namespace Imputation.Cli.Exits;

/// <summary>Turns Ctrl-C, termination and hang-up into cancellation, and into an exit where the work cannot hear it.</summary>
/// <remarks>A read from standard input, for one, cannot be cancelled. Then, or at a second signal, the process ends
/// as it does at any exit: unfinished files are deleted, and a file that is being moved into place is completed first.</remarks>
internal sealed class Interruption : IDisposable
{
    public const string Message = "impute: interrupted; nothing was written.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    private readonly Action<string> _say;

    /// <param name="say">Says a line on standard error.</param>
    public Interruption(Action<string> say)
    {
        _say = say;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear), PosixSignalRegistration.Create(PosixSignal.SIGTERM,
            Hear), PosixSignalRegistration.Create(PosixSignal.SIGHUP, Hear)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested) Leave();
        _source.Cancel();
        _ = Task.Delay(Patience).ContinueWith(_ => Leave(), TaskScheduler.Default);
    }

    private void Leave()
    {
        _say(Message);
        Environment.Exit(ExitCode.Interrupted);
    }
}
