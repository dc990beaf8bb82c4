using Imputation;

namespace Textbook;

/// <summary>Two types of customers: the share of those who like it hot, and how often each type orders hot coffee.</summary>
public sealed record Customers(double Share, double HotLovers, double ColdLovers);

/// <summary>Customers of a coffee shop, by how many hot and cold coffees each ordered: a mixture of binomials.</summary>
/// <remarks>The document stops after one step, at a share of 0.65. EM goes on to 0.6566, with 0.917 and 0.350 hot orders. With three
/// customers BIC prefers two types to one by 0.8 only: the data hardly tell.</remarks>
public sealed class CoffeeShop((int Hot, int Cold)[] orders) : IEmModel<Customers>
{
    private static readonly double[] s_guess = [0.8, 0.2, 0.95]; // how far the document takes each customer for a hot-lover

    /// <summary>The document's customers.</summary>
    public static CoffeeShop Document => new([(5, 1), (2, 4), (6, 0)]);

    public Customers Initialize(EmStart start) => Maximise(s_guess);

    public EmStep<Customers> Step(Customers current, CancellationToken cancellation)
    {
        double logLikelihood = 0;
        var hot = new double[orders.Length];
        for (int i = 0; i < orders.Length; i++)
        {
            double a = current.Share * Probability(orders[i], current.HotLovers),
                b = (1 - current.Share) * Probability(orders[i], current.ColdLovers);
            logLikelihood += Math.Log(a + b);
            hot[i] = a / (a + b);
        }
        return new EmStep<Customers>(Maximise(hot), logLikelihood, logLikelihood);
    }

    public double Distance(Customers from, Customers to) => Math.Max(Math.Abs(to.Share - from.Share),
        Math.Max(Math.Abs(to.HotLovers - from.HotLovers), Math.Abs(to.ColdLovers - from.ColdLovers)));

    private Customers Maximise(double[] hot)
    {
        double HotOrders(Func<int, double> weight) => Enumerable.Range(0, orders.Length).Sum(i => weight(i) * orders[i].Hot)
            / Enumerable.Range(0, orders.Length).Sum(i => weight(i) * (orders[i].Hot + orders[i].Cold));
        return new Customers(hot.Average(), HotOrders(i => hot[i]), HotOrders(i => 1 - hot[i]));
    }

    private static double Probability((int Hot, int Cold) orders, double p)
    {
        double ways = 1;
        for (int k = 1; k <= orders.Cold; k++) ways *= (orders.Hot + k) / (double)k;
        return ways * Math.Pow(p, orders.Hot) * Math.Pow(1 - p, orders.Cold);
    }

    public static EmFit<Customers> Fit() => EmDriver.Fit(Document, new EmOptions { Tolerance = 1e-10 });

    public static void Show()
    {
        EmFit<Customers> fit = Fit();
        Customers c = fit.Parameters;
        double first = Document.Initialize(EmStart.Deterministic).Share;
        Console.WriteLine($"After the first M-step the share of hot-lovers is {first:F2}; at the maximum {c.Share:F4}, who order "
            + $"{c.HotLovers:F3} hot, the others {c.ColdLovers:F3}.");
        double one = 13.0 / 18, alone = Document.Orders.Sum(o => Math.Log(Probability(o, one)));
        Console.WriteLine($"BIC of one type {-2 * alone + Math.Log(3):F2}, of two {-2 * fit.LogLikelihood + 3 * Math.Log(3):F2}: three "
            + "customers hardly tell.");
    }

    private (int Hot, int Cold)[] Orders => orders;
}
