using System.Globalization;
using Imputation;

// Customers in segments, by purchases with holes: a mixture of normal distributions with a category. Some of the amounts were never
// recorded, and nobody knows how many segments there are.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var random = new Random(5);
double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
const int Count = 600;
(double Visits, double Basket, double Discount, double Online)[] kinds =
    [(2, 80, 5, 0.2), (9, 25, 12, 0.1), (4, 45, 35, 0.9)]; // seldom and much; often and little; hunters of discounts, online
int[] truth = [.. Enumerable.Range(0, Count).Select(_ => random.NextDouble() is var u && u < 0.5 ? 0 : u < 0.8 ? 1 : 2)];
double[] Amounts(Func<int, double> mean, double spread) => [.. truth.Select(t =>
    random.NextDouble() < 0.15 ? double.NaN : Math.Round(mean(t) * Math.Exp(spread * Normal()), 1))];
var table = new Table([
    NumericColumn.Number("visits", Amounts(t => kinds[t].Visits, 0.25)),
    NumericColumn.Number("basket", Amounts(t => kinds[t].Basket, 0.25)),
    NumericColumn.Number("discount", Amounts(t => kinds[t].Discount, 0.3)),
    TextColumn.Create("channel", [.. truth.Select(t => random.NextDouble() < 0.15 ? null : random.NextDouble() < kinds[t].Online ? "online"
        : "shop")])]);

MixtureChoice choice = NormalMixture.Choose(table, 1, 5, MixtureCriterion.Bic, new NormalMixtureOptions { Restarts = 50 });
foreach (MixtureCandidate candidate in choice.Candidates) Console.WriteLine(candidate);

NormalMixtureFit fit = choice.Best;
Console.WriteLine($"{fit.Components.Count} segments of {Count} customers:");
foreach (MixtureComponent segment in fit.Components)
    Console.WriteLine($"  {100 * segment.Weight:F0} %: "
        + string.Join(", ", fit.Numbers.Zip(segment.Mean, (name, mean) => $"{name} {mean:F1}"))
        + $", online {100 * segment.Probabilities["channel"]["online"]:F0} %");

// Who is in which, and how sure that is: a customer of whom little is known may be in any.
double[,] shares = fit.Responsibilities(table);
int[] segments = fit.Assign(table);
int unsure = Enumerable.Range(0, Count).Count(i => shares[i, segments[i]] < 0.9);
int[] named = [.. Enumerable.Range(0, fit.Components.Count).Select(s => Enumerable.Range(0, kinds.Length).MaxBy(t =>
    Enumerable.Range(0, Count).Count(i => segments[i] == s && truth[i] == t)))];
Console.WriteLine($"{100.0 * Enumerable.Range(0, Count).Count(i => named[segments[i]] == truth[i]) / Count:F1} % are where they belong; "
    + $"{unsure} are not sure.");

// The holes, filled from the segments: a cell between two segments is marked.
ImputationResult done = fit.Impute(table);
int between = done.Cells.Count(c => c.Notes.HasFlag(CellNotes.Undecided));
Console.WriteLine($"{done.FilledCount} cells filled, {between} of them between segments.");
