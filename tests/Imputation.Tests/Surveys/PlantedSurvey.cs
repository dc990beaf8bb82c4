using System.Globalization;
using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Surveys;

/// <summary>Surveys with planted codes, gates, groups and weights in one file, and clean ones of the same columns.</summary>
/// <param name="Table">The file, read.</param>
/// <param name="Codes">Columns with codes among their values.</param>
/// <param name="Gates">Questions that some were not asked.</param>
/// <param name="Groups">Keys.</param>
/// <param name="Weights">Columns of weights.</param>
internal sealed record PlantedSurvey(Table Table, HashSet<string> Codes, HashSet<string> Gates, HashSet<string> Groups,
    HashSet<string> Weights)
{
    public static PlantedSurvey Of(int seed, bool clean = false)
    {
        var random = new Random((clean ? 50_000 : 90_000) + seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        bool Chance(double p) => random.NextDouble() < p;
        int n = 300 + random.Next(900);
        var survey = new PlantedSurvey(null!, [], [], [], []);
        var columns = new List<(string Name, string[] Cells)>();
        string[] Column(string name, Func<int, string> cell)
        {
            string[] cells = [.. Enumerable.Range(0, n).Select(cell)];
            columns.Add((name, cells));
            return cells;
        }
        static string Whole(double x) => Math.Round(x).ToString(CultureInfo.InvariantCulture);
        void Lose(string[] cells, double share)
        {
            for (int i = 0; i < n; i++)
                if (Chance(share)) cells[i] = "";
        }
        void Code(string name, string[] cells, params string[] codes)
        {
            if (clean || !Chance(0.6)) return;
            survey.Codes.Add(name);
            for (int i = 0; i < n; i++)
                if (Chance(0.06)) cells[i] = codes[random.Next(codes.Length)];
        }
        void Gate(string name, string[] cells, Func<int, bool> asked)
        {
            if (clean || !Chance(0.7)) return;
            survey.Gates.Add(name);
            for (int i = 0; i < n; i++)
                if (!asked(i)) cells[i] = "";
        }

        // Households of one to six people, in order or not; what a household has in common is common, or only alike.
        var household = new List<int>();
        while (household.Count < n) household.AddRange(Enumerable.Repeat(household.Count, 1 + random.Next(6)));
        int[] of = [.. household.Take(n)];
        bool grouped = !clean && Chance(0.7);
        if (Chance(0.5) || !grouped) random.Shuffle(of);
        double[] home = [.. Enumerable.Range(0, n + 6).Select(_ => Normal())], self = [.. Enumerable.Range(0, n).Select(_ => Normal())];
        double[] z = [.. Enumerable.Range(0, n).Select(i => grouped ? 1.6 * home[of[i]] + self[i] : self[i])];
        if (Chance(0.5)) Column("respondent", i => (1000 + 3 * i).ToString(CultureInfo.InvariantCulture));
        if (grouped)
        {
            survey.Groups.Add("household");
            Column("household", i => (20_000 + of[i] * 7 % 9973).ToString(CultureInfo.InvariantCulture));
        }
        if (!clean && Chance(0.6))
        {
            string name = new[] { "wt", "weight", "pweight", "FinalWt" }[random.Next(4)];
            double scale = Chance(0.5) ? 1 : 850;
            double[] raw = [.. Enumerable.Range(0, n).Select(_ => Math.Exp(0.6 * Normal()))];
            double mean = raw.Average();
            survey.Weights.Add(name);
            Column(name, i => (scale * raw[i] / mean).ToString("F5", CultureInfo.InvariantCulture));
        }
        else Column("weight", i => Whole(75 + 8 * z[i] + 6 * Normal()));

        string[] sex = Column("sex", _ => Chance(0.5) ? "female" : "male"), age = Column("age", _ => Whole(18 + random.Next(68)));
        string[] income = Column("income", i => Whole(Math.Exp(7.6 + 0.5 * z[i] + 0.3 * Normal())));
        Lose(income, 0.1);
        Code("income", income, Chance(0.5) ? ["-99"] : ["888888", "999999"]);
        Lose(age, 0.05);
        string[] scale5 = Column("trust", i => Whole(Math.Clamp(3 + 0.8 * z[i] + 0.7 * Normal(), 1, 5)));
        Lose(scale5, 0.08);
        string[] scale4 = Column("health", i => Whole(Math.Clamp(2.5 + 0.6 * z[i] + 0.6 * Normal(), 1, 4)));
        Lose(scale4, 0.05);
        Code("health", scale4, "8", "9");
        string[] thermometer = Column("feeling", i => Whole(Math.Clamp(50 + 15 * z[i] + 15 * Normal(), 0, 97)));
        Code("feeling", thermometer, "998", "999");
        string[] temperature = Column("temperature", i => (8 + 9 * Normal()).ToString("F1", CultureInfo.InvariantCulture));
        Lose(temperature, 0.05);

        string[] drinks = Column("drinks", i => Chance(0.55) ? "Yes" : "No");
        string[] days = Column("drink_days", i => Whole(Math.Clamp(1 + Math.Exp(1.5 + 0.7 * Normal()), 1, 30)));
        Lose(days, 0.05);
        Code("drink_days", days, "77", "99");
        Gate("drink_days", days, i => drinks[i] == "Yes");
        string[] children = Column("children", _ => Whole(Chance(0.4) ? 0 : 1 + random.Next(4)));
        string[] youngest = Column("age_youngest", _ => Whole(random.Next(18)));
        Lose(youngest, 0.04);
        Gate("age_youngest", youngest, i => children[i] != "0");
        string[] work = Column("work", _ => new[] { "employed", "self-employed", "retired", "at school" }[random.Next(4)]);
        string[] hours = Column("hours", i => Whole(Math.Clamp(38 + 7 * Normal(), 5, 70)));
        Lose(hours, 0.05);
        Gate("hours", hours, i => work[i] is "employed" or "self-employed");

        var text = new StringBuilder(string.Join(",", columns.Select(c => c.Name))).Append('\n');
        for (int i = 0; i < n; i++) text.AppendJoin(',', columns.Select(c => c.Cells[i])).Append('\n');
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        return survey with { Table = CsvTable.Read(stream) };
    }
}
