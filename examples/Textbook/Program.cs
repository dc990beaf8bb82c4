using System.Globalization;
using Textbook;

// Textbook uses of EM over the driver of this toolkit: a model is its E-step and M-step, and the driver does the rest: restarts, the check
// that no step lowers the objective, and when to stop. Without arguments all of them; otherwise those named.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Name, Action Show)[] examples =
[
    ("missing-flips", MissingFlips.Show), ("two-coins", TwoCoins.Show), ("coffee-shop", CoffeeShop.Show),
    ("hidden-coins", HiddenCoins.Show), ("topics", TopicMixture.Show), ("hidden-markov", HiddenMarkov.Show),
    ("online", OnlineEm.Show), ("variational", VariationalMixture.Show),
];
foreach (string unknown in args.Where(a => examples.All(e => e.Name != a)))
{
    Console.Error.WriteLine($"There is no example '{unknown}'; there are {string.Join(", ", examples.Select(e => e.Name))}.");
    return 1;
}
foreach ((string name, Action show) in examples.Where(e => args.Length == 0 || args.Contains(e.Name)))
{
    Console.WriteLine($"{name}");
    show();
    Console.WriteLine();
}
return 0;
