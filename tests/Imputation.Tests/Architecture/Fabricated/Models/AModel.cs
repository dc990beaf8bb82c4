using System.Globalization;
using System.Runtime.InteropServices;
using Imputation.Tests.Architecture.Fabricated.Em;

namespace Imputation.Tests.Architecture.Fabricated.Models;

internal sealed class AModel
{
    public static int Count => new List<Harmless>().Count;
}

/// <summary>Everything that the core must not touch.</summary>
internal static class Careless
{
    public static void Touch()
    {
        if (!File.Exists("x") && DateTime.Now.Year > Environment.TickCount64) Console.WriteLine(CultureInfo.CurrentCulture);
        GC.Collect();
    }

    [DllImport("libc")]
    public static extern int getpid();

    public static string Text(double value) => value.ToString("R");

    public static string Message(double value) => $"The value is {value}.";

    public static string Careful(double value) => string.Create(CultureInfo.InvariantCulture, $"The value is {value}.");
}
