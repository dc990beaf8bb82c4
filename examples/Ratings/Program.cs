using System.Globalization;
using Imputation;

// Films recommended from ratings most of which are missing: factor analysis of 400 people and 50 films, nine of ten cells empty. A film is
// recommended with its limits, and "not known" is said where these are too wide to say anything.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var random = new Random(3);
double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
const int People = 400, Films = 50;
string[] names = [.. Enumerable.Range(1, Films).Select(f => $"film {f}")];

// Two tastes, and how good a film is; ratings from 1 to 5 in halves. Good films are rated more often.
double[][] taste = [.. Enumerable.Range(0, People).Select(_ => new[] { Normal(), Normal() })],
    film = [.. Enumerable.Range(0, Films).Select(_ => new[] { 0.6 * Normal(), 0.6 * Normal(), 3.2 + 0.5 * Normal() })];
double Truth(int person, int f) => film[f][2] + film[f][0] * taste[person][0] + film[f][1] * taste[person][1];
var ratings = new double[People, Films];
var hidden = new List<(int Person, int Film, double Rating)>();
for (int person = 0; person < People; person++)
{
    for (int f = 0; f < Films; f++)
    {
        double rating = Math.Clamp(Math.Round(2 * (Truth(person, f) + 0.5 * Normal())) / 2, 1, 5);
        bool seen = random.NextDouble() < 0.05 + 0.08 * (film[f][2] - 2);
        bool kept = seen && random.NextDouble() > 0.1;
        if (seen && !kept) hidden.Add((person, f, rating));
        ratings[person, f] = kept ? rating : double.NaN;
    }
}
Table table = Table.FromArray(names, ratings);
Console.WriteLine($"{People} people, {Films} films, {100.0 * table.Columns.Sum(c => c.MissingCount) / (People * Films):F0} % of the "
    + "ratings missing.");

// As many factors, and as strong a ridge, as predict hidden ratings best.
var model = new FactorOptions { Noise = FactorNoise.Equal, Prior = CovariancePrior.Auto };
var bounds = names.ToDictionary(name => name, _ => new Bounds(1, 5));
ImputationResult done = table.Impute(model, new FillOptions { Method = FillMethod.Mean, Bounds = bounds });
Console.WriteLine($"{((FactorFit)done.Fit).FactorCount} factors.");

Dictionary<(int, string), ImputedCell> cells = done.Cells.ToDictionary(c => (c.Row, c.Column));
double error = 0, inside = 0, plain = 0;
foreach ((int person, int f, double rating) in hidden)
{
    ImputedCell cell = cells[(person + 1, names[f])];
    double average = Enumerable.Range(0, People).Select(p => ratings[p, f]).Where(r => !double.IsNaN(r)).DefaultIfEmpty(3).Average();
    error += Math.Pow((double)cell.Value - rating, 2);
    plain += Math.Pow(average - rating, 2);
    inside += rating >= cell.Lower - 0.25 && rating <= cell.Upper + 0.25 ? 1 : 0; // halves
}
Console.WriteLine($"{hidden.Count} ratings were kept back: off by {Math.Sqrt(error / hidden.Count):F2} (the films' averages by "
    + $"{Math.Sqrt(plain / hidden.Count):F2}), {100 * inside / hidden.Count:F0} % within the 95 % limits.");

const double TooWide = 2; // stars: from bad to good
foreach (int person in new[] { 0, 1, 2 })
{
    ImputedCell[] unseen = [.. done.Cells.Where(c => c.Row == person + 1)],
        known = [.. unseen.Where(c => c.Upper - c.Lower <= TooWide).OrderByDescending(c => (double)c.Value)];
    Console.WriteLine($"For person {person + 1}, of {unseen.Length} films not seen, {unseen.Length - known.Length} of them not known:");
    foreach (ImputedCell cell in known.Take(3))
        Console.WriteLine($"  {cell.Column}: {(double)cell.Value:F1}, from {cell.Lower:F1} to {cell.Upper:F1}");
}
