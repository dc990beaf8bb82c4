using Imputation;

namespace Textbook;

/// <summary>Two series of tosses, HHTH and TTHH, each by one of two coins.</summary>
/// <remarks>The document reports two different coins, since it stops early: after five steps they still differ in the fourth decimal. EM
/// ends where both coins are alike, at 5/8: the likelihood of two series that differ by one head is highest for one coin, and which two
/// coins there might be, these data do not identify.</remarks>
public static class HiddenCoins
{
    /// <summary>Heads of four tosses in each series, and the coins that the document begins with.</summary>
    public static TwoCoins Series => new([3, 2], 4);

    public static EmFit<Coins> Fit() => EmDriver.Fit(Series, new EmOptions { Tolerance = 1e-9 });

    public static void Show()
    {
        Coins at = new(0.6, 0.5);
        for (int step = 0; step < 5; step++) at = Series.Step(at, default).Next;
        EmFit<Coins> fit = Fit();
        Console.WriteLine($"After five steps {at.A:F4} and {at.B:F4}; at the end {fit.Parameters.A:F6} and {fit.Parameters.B:F6}.");
        Console.WriteLine(Math.Abs(fit.Parameters.A - fit.Parameters.B) < 1e-6
            ? "The coins coincide: one coin explains the series as well as any two." : "The coins differ.");
    }
}
